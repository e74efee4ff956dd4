import NumericalMethods
import Structures

/// Directions over which a function even under inversion is averaged, with the weights of Lebedev's quadrature.
///
/// - Source: Lebedev, USSR Comput. Math. Math. Phys. 16, 10 (1976), doi:10.1016/0041-5553(76)90100-2.
public enum SphericalDirections: String, CaseIterable, Sendable {
  /// The axes: exact for polynomials up to degree 3.
  case three = "3"
  /// With the diagonals of a cube: degree 5.
  case seven = "7"
  /// With the diagonals of its faces: degree 7.
  case thirteen = "13"
  /// Degree 11.
  case twentyFive = "25"

  /// Unit vectors and weights that add up to 1.
  var points: [(direction: Vector3, weight: Double)] {
    switch self {
    case .three: Self.points(axes: 1.0 / 6)
    case .seven: Self.points(axes: 1.0 / 15, diagonals: 3.0 / 40)
    case .thirteen: Self.points(axes: 1.0 / 21, edges: 4.0 / 105, diagonals: 9.0 / 280)
    case .twentyFive:
      Self.points(axes: 4.0 / 315, edges: 64.0 / 2835, diagonals: 27.0 / 1280, general: 14641.0 / 725_760)
    }
  }

  /// - Parameters: The weight of each of the 6, 12, 8 and 24 points of a kind, of which half are taken.
  private static func points(
    axes: Double, edges: Double = 0, diagonals: Double = 0, general: Double = 0
  ) -> [(direction: Vector3, weight: Double)] {
    let ones: [Double] = [1, -1]
    var result: [(Vector3, Double)] = [Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(0, 0, 1)].map { ($0, 2 * axes) }
    if edges > 0 {
      for sign in ones {
        for vector in [Vector3(0, 1, sign), Vector3(sign, 0, 1), Vector3(1, sign, 0)] {
          result.append((vector / 2.0.squareRoot(), 2 * edges))
        }
      }
    }
    for s in ones {
      for t in ones {
        result.append((Vector3(1, s, t) / 3.0.squareRoot(), 2 * diagonals))
        guard general > 0 else { continue }
        for vector in [Vector3(3, s, t), Vector3(s, 3, t), Vector3(s, t, 3)] {
          result.append((vector / 11.0.squareRoot(), 2 * general))
        }
      }
    }
    return result.filter { $0.1 > 0 }
  }
}
