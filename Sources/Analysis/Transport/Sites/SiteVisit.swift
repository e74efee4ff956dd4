/// A stay of an ion on a site.
struct SiteVisit: Hashable, Sendable {
  var site: Int32
  /// The cell in which this image of the site is.
  var image: SIMD3<Int32>
  /// The first frame there.
  var frame: Int32

  func isSamePlace(as other: SiteVisit) -> Bool { site == other.site && image == other.image }

  /// The visits without those that were shorter than a time and led back: such an ion had not left.
  static func withoutRecrossings(_ visits: [SiteVisit], shorterThan frames: Int) -> [SiteVisit] {
    guard frames > 1 else { return visits }
    var kept: [SiteVisit] = []
    for visit in visits {
      if let last = kept.last, kept.count > 1, visit.isSamePlace(as: kept[kept.count - 2]), Int(visit.frame - last.frame) < frames {
        kept.removeLast()
      } else {
        kept.append(visit)
      }
    }
    return kept
  }
}
