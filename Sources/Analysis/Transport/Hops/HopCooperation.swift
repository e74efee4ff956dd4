import NumericalMethods
import Structures

/// How many hops have a hop of another ion near them in space and time, against chance.
///
/// Chance is the share that there would be if each ion hopped as it does at the same places, but at times of its own: a hop has company
/// with probability `1 - prod_i (1 - u_i)`, where `u_i` is the share of the observed time that is near a hop of ion i within the distance.
/// Places where ions hop often, and ions that hop in bursts, count as such, so that only what ions do together is left.
public struct HopCooperation: Sendable {
  /// How many hops were looked at.
  public let hops: Int
  /// The share of hops that have another within time and distance.
  public let share: Double
  /// The share by chance.
  public let expected: Double
  /// The share of hops whose place is taken by another ion within the time, or which take the place that another left.
  public let replacementShare: Double
  /// The standard error of ``share``, counting hops as independent.
  public var error: Double { hops == 0 ? .nan : (share * (1 - share) / Double(hops)).squareRoot() }

  /// A hop of some ion.
  struct Event: Sendable {
    var ion: Int
    var hop: Hop
  }

  /// Hops beyond this number are looked at in even steps; all of them count as neighbours.
  private static let most = 20000

  /// - Parameters:
  ///   - events: Hops of several ions, positions of all from one origin.
  ///   - observable: The frames in which hops can be seen.
  ///   - time: In frames.
  ///   - distance: Between the middles of hops, in Å.
  ///   - placeRadius: How near in Å the end of one hop and the beginning of another are the same place.
  init(
    _ events: [Event], cell: Cell, observable: Range<Int>, time: Int, distance: Double, placeRadius: Double, pool: WorkerPool
  ) throws {
    guard !events.isEmpty else {
      (hops, share, expected, replacementShare) = (0, .nan, .nan, .nan)
      return
    }
    let middles = events.map { ($0.hop.from + $0.hop.to) * 0.5 }
    let search = try NeighborSearch(cell: cell, positions: middles, cutoff: distance)
    let step = (events.count + Self.most - 1) / Self.most
    let centres = Array(stride(from: 0, to: events.count, by: step))
    // Together, by chance, replaced.
    let sums = pool.sums(over: centres.count, grain: 64, width: 3) { part, sums in
      for centre in centres[part] {
        let (ion, hop) = (events[centre].ion, events[centre].hop)
        var (others, isTogether, isReplaced): ([SIMD2<Int>], Bool, Bool) = ([], false, false)
        search.forEachNeighbor(of: centre) { neighbor in
          let other = events[neighbor.index]
          guard other.ion != ion else { return }
          others.append(SIMD2(other.ion, other.hop.frame))
          guard abs(other.hop.frame - hop.frame) <= time else { return }
          isTogether = true
          // Both hops seen from the middle of the first, the second in its nearest image.
          let (here, there) = (hop.displacement * 0.5, other.hop.displacement * 0.5)
          let follows = (neighbor.displacement + there + here).length < placeRadius
          let leads = (neighbor.displacement - there - here).length < placeRadius
          if follows || leads { isReplaced = true }
        }
        sums[0] += isTogether ? 1 : 0
        sums[1] += Self.chance(of: &others, within: time, observable: observable)
        sums[2] += isReplaced ? 1 : 0
      }
    }
    hops = centres.count
    share = sums[0] / Double(hops)
    expected = sums[1] / Double(hops)
    replacementShare = sums[2] / Double(hops)
  }

  /// The chance that a time drawn at random is near an event of any ion, if ions know nothing of each other.
  ///
  /// - Parameter events: The ion and the frame of each; in order afterwards.
  static func chance(of events: inout [SIMD2<Int>], within time: Int, observable: Range<Int>) -> Double {
    guard !observable.isEmpty else { return events.isEmpty ? 0 : 1 }
    events.sort { ($0.x, $0.y) < ($1.x, $1.y) }
    var (alone, covered) = (1.0, 0)
    // The end of what the hops of this ion cover so far.
    var end = observable.lowerBound
    for index in events.indices {
      let event = events[index]
      let (low, high) = (max(event.y - time, end), min(event.y + time + 1, observable.upperBound))
      if high > low {
        covered += high - low
        end = high
      }
      if index + 1 == events.count || events[index + 1].x != event.x {
        alone *= 1 - Double(covered) / Double(observable.count)
        (covered, end) = (0, observable.lowerBound)
      }
    }
    return 1 - alone
  }
}
