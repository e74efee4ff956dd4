/// An atom in one of its periodic images.
struct ImagedAtom: Comparable, Sendable {
  var atom: Int32
  var image: SIMD3<Int32>

  static func < (left: ImagedAtom, right: ImagedAtom) -> Bool {
    if left.atom != right.atom { return left.atom < right.atom }
    if left.image.x != right.image.x { return left.image.x < right.image.x }
    if left.image.y != right.image.y { return left.image.y < right.image.y }
    return left.image.z < right.image.z
  }

  /// Sorts atoms and calls a closure for each that is there, with how often it is.
  static func countEqual(_ atoms: inout [ImagedAtom], _ body: (ImagedAtom, Int) -> Void) {
    atoms.sort()
    var first = 0
    while first < atoms.count {
      var end = first + 1
      while end < atoms.count, atoms[end] == atoms[first] { end += 1 }
      body(atoms[first], end - first)
      first = end
    }
  }
}
