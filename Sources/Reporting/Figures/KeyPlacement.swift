import Structures

/// Where the key of a figure goes so that it hides no data.
enum KeyPlacement: Sendable, Equatable {
  case none
  /// Inside the frame, `top right` and the like.
  case inside(String)
  /// Below the frame, in so many columns.
  case below(columns: Int)

  /// Looks for a free place inside the frame: the corners first, then the middle of the upper and the lower edge.
  ///
  /// - Parameters:
  ///   - size: Width and height of the key as parts of the frame's.
  ///   - curves: Every series as points in parts of the frame, 0 to 1 from the lower left corner.
  /// - Returns: `nil` where every place covers some data.
  static func free(size: (width: Double, height: Double), curves: [[(x: Double, y: Double)]]) -> KeyPlacement? {
    guard size.width < 0.75, size.height < 0.6 else { return nil }
    let gap = 0.02
    let horizontal = [("right", 1 - gap - size.width), ("left", gap), ("center", (1 - size.width) / 2)]
    let vertical = [("top", 1 - gap - size.height), ("bottom", gap)]
    for (across, left) in horizontal {
      for (up, low) in vertical {
        let isFree = !curves.contains { curve in
          zip(curve, curve.dropFirst()).contains {
            crosses($0, $1, left - gap, left + size.width + gap, low - gap, low + size.height + gap)
          }
            || curve.contains { crosses($0, $0, left - gap, left + size.width + gap, low - gap, low + size.height + gap) }
        }
        if isFree { return .inside("\(up) \(across)") }
      }
    }
    return nil
  }

  /// Whether the line between two points enters a rectangle (Liang and Barsky).
  private static func crosses(
    _ a: (x: Double, y: Double), _ b: (x: Double, y: Double), _ left: Double, _ right: Double, _ low: Double, _ high: Double
  ) -> Bool {
    var (enter, leave) = (0.0, 1.0)
    for (step, distance) in [
      (a.x - b.x, a.x - left), (b.x - a.x, right - a.x), (a.y - b.y, a.y - low), (b.y - a.y, high - a.y),
    ] {
      if step == 0 {
        if distance < 0 { return false }
      } else if step < 0 {
        enter = max(enter, distance / step)
      } else {
        leave = min(leave, distance / step)
      }
    }
    return enter <= leave
  }
}
