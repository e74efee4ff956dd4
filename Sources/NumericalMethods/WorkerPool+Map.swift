extension WorkerPool {
  /// What a closure gives for each of some parts, computed on all threads.
  ///
  /// - Throws: The error of the first part that failed, by number.
  public func map<T: Sendable>(_ count: Int, _ body: (Int) throws -> T) throws -> [T] {
    var results = [Result<T, any Error>?](repeating: nil, count: count)
    results.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let buffer = buffer
      forEachBlock(count) { part in buffer[part] = Result { try body(part) } }
    }
    return try results.compactMap { try $0?.get() }
  }
}
