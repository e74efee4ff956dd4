import Structures

/// Where a reader of frames is: it stops for good at the end of the file or at the first error, and leaves out a last frame that ends too early.
struct FrameSequence {
  private(set) var frameCount = 0
  private(set) var warnings: [String] = []
  private var isFinished = false

  /// The next frame by a closure that reads it, or `nil` after the last one.
  mutating func next(_ read: () throws -> Frame?) throws -> Frame? {
    guard !isFinished else { return nil }
    do {
      guard let frame = try read() else {
        isFinished = true
        return nil
      }
      frameCount += 1
      return frame
    } catch let error as FormatsError where error.code == .endsEarly && frameCount > 0 {
      isFinished = true
      warnings.append("\(error.message); the last frame is not complete and left out")
      return nil
    } catch {
      isFinished = true
      throw error
    }
  }
}
