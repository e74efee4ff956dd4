#if canImport(Glibc)
  import Glibc
#endif

/// Memory in large pages.
public enum LargePages {
  /// Asks for large pages behind memory that was not touched yet, so that the system hands out 2 MB at a time instead of 4 kB.
  ///
  /// Only advice: nothing changes where the system has no large pages, or the memory is small.
  public static func advise(_ memory: UnsafeMutableRawBufferPointer) {
    #if canImport(Glibc)
      let page = 2 << 20
      guard let base = memory.baseAddress, memory.count >= 2 * page else { return }
      let begin = (Int(bitPattern: base) + page - 1) & ~(page - 1)
      let end = (Int(bitPattern: base) + memory.count) & ~(page - 1)
      // MADV_HUGEPAGE.
      if end > begin { _ = madvise(UnsafeMutableRawPointer(bitPattern: begin), end - begin, 14) }
    #endif
  }
}
