import NumericalMethods

/// Memory that kernels reach through pointers, aligned to a cache line and cleared.
///
/// Large blocks lie in large pages where the system has them: the kernel runs over them out of order.
final class AlignedMemory<Element: BitwiseCopyable>: @unchecked Sendable {
  let base: UnsafeMutablePointer<Element>

  init(count: Int) {
    let size = max(1, count) * MemoryLayout<Element>.stride
    let isLarge = size >= 4 << 20
    let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: isLarge ? 2 << 20 : 64)
    LargePages.advise(UnsafeMutableRawBufferPointer(start: memory, count: size))
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    base = memory.bindMemory(to: Element.self, capacity: max(1, count))
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }
}
