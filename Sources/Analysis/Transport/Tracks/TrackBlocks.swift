/// The rows of groups cut into blocks: each is a task of its own and one sample for an error.
///
/// How they are cut depends on the rows only, so that the number of threads changes nothing.
struct TrackBlocks: Sendable {
  /// The rows of each block.
  let rows: [Range<Int>]
  /// The blocks of each group.
  let owners: [Range<Int>]

  /// - Parameters:
  ///   - groups: Ranges of rows.
  ///   - most: The largest number of blocks of a group.
  init(groups: [Range<Int>], most: Int = 16) {
    var rows: [Range<Int>] = []
    var owners: [Range<Int>] = []
    for group in groups {
      let number = max(1, min(most, group.count))
      let begin = rows.count
      for block in 0..<number {
        rows.append(group.lowerBound + block * group.count / number..<group.lowerBound + (block + 1) * group.count / number)
      }
      owners.append(begin..<rows.count)
    }
    self.rows = rows
    self.owners = owners
  }
}
