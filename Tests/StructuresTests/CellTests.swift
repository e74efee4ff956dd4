import NumericalMethods
import Structures
import Testing

@Suite struct CellTests {
  @Test func wrappingLosesNothing() throws {
    var random = RandomStream(seed: 1)
    for (name, cell) in try Cells.all() {
      for _ in 0..<2000 {
        let original = random.vector(-100...100)
        let (wrapped, image) = cell.wrap(original)
        let f = cell.fractional(wrapped)
        for axis in 0..<3 {
          if cell.periodic[axis] {
            // Positions reach 100 Å and edges are a few Å: coordinates are good to some 100 rounding errors of 2e-16.
            #expect(f[axis] > -1e-13 && f[axis] < 1 + 1e-13, "\(name): \(f)")
          } else {
            #expect(image[axis] == 0, "\(name)")
          }
        }
        let back = wrapped + Vector3(Double(image.x), Double(image.y), Double(image.z)) * cell.vectors
        #expect((back - original).length < 1e-12, "\(name): \(back) is not \(original)")
        #expect(cell.wrap(wrapped).image == .zero || (f.min() < 1e-13 || f.max() > 1 - 1e-13), "\(name)")
      }
    }
  }

  @Test func wrapsEdgesAndTheirNeighboursIntoAHalfOpenCell() throws {
    let cell = try Cell(lengths: Vector3(10, 10, 10))
    #expect(cell.wrap(Vector3(10, 0, -10)).position == .zero)
    #expect(cell.wrap(Vector3(10, 0, -10)).image == SIMD3(1, 0, -1))
    // -1e-20 + 10 rounds to the edge itself, which belongs to the next cell.
    let (position, image) = cell.wrap(Vector3(-1e-20, 5, 5))
    #expect(position.x == 0)
    #expect(image == .zero)
  }

  @Test func positionsBeyondCountingDoNotCrash() throws {
    let cell = try Cell(lengths: Vector3(10, 10, 10))
    #expect(cell.wrap(Vector3(1e200, -1e200, 5)).image == SIMD3(.max, .min, 0))
    #expect(cell.wrap(Vector3(.nan, 5, 5)).image == .zero)
  }

  @Test func minimumImageIsTheShortestOfAll() throws {
    var random = RandomStream(seed: 2)
    for (name, cell) in try Cells.all() {
      // The skewed cell's shortest vectors combine its edges with coefficients of a few; 14 steps leave much room.
      let translations = cell.translations(14)
      for _ in 0..<60 {
        let vector = random.vector(-25...25)
        let least = cell.minimumImage(vector)
        // From the shortest claimed, any shorter image is within a few steps; from the start it might not be.
        let best = translations.map { (least + $0).length }.min() ?? 0
        #expect(least.length <= best + 1e-12, "\(name): \(vector) has an image of \(best) Å, not \(least.length)")
        let steps = (vector - least) * cell.inverse
        for axis in 0..<3 {
          let whole = cell.periodic[axis] ? steps[axis].rounded() : 0
          // An image differs by whole edges along periodic directions, and not at all along others.
          #expect(abs(steps[axis] - whole) < 1e-11, "\(name): \(steps)")
        }
      }
    }
  }

  @Test func minimumImageInASlabHoldsFarAboveIt() throws {
    // c leans over by one a for each step up: an atom 10 edges up must be brought back by 10 a.
    let cell = try Cell(
      vectors: Matrix3(Vector3(4, 0, 0), Vector3(0, 4, 0), Vector3(4, 0, 4)), periodic: Cells.periodicity(true, true, false))
    let least = cell.minimumImage(Vector3(41, 1, 40))
    #expect((least - Vector3(1, 1, 40)).length < 1e-12)
  }

  @Test func aLongEdgeDoesNotHideTheSkewOfShortOnes() throws {
    // Far more than a million times longer than the others: squares of the long edge must not swallow their products.
    let vectors = Matrix3(Vector3(1e7, 0, 0), Vector3(0, 3, 0), Vector3(0, 2.9, 1))
    #expect(try structuresError { try Cell(vectors: vectors) }.code == .invalidCell)
    let open = try Cell(vectors: vectors, periodic: Cells.periodicity(false, true, true))
    // Of v = (b + c)/2 = (0, 2.95, 0.5), v - b = (0, -0.05, 0.5) and v - c = (0, 0.05, -0.5), one of the last two is shortest.
    #expect(abs(open.minimumImage(Vector3(5, 2.95, 0.5)).squaredLength - (25 + 0.0025 + 0.25)) < 1e-12)
  }

  @Test(arguments: [
    Matrix3(Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(1, 1, 0)),
    Matrix3(Vector3(0, 1, 0), Vector3(1, 0, 0), Vector3(0, 0, 1)),
    Matrix3(Vector3(1, 0, 0), Vector3(0, .nan, 0), Vector3(0, 0, 1)),
    Matrix3(Vector3(.infinity, 0, 0), Vector3(0, 1, 0), Vector3(0, 0, 1)),
    Matrix3.zero,
    Matrix3(diagonal: Vector3(1e200, 1e200, 1e200)),
    Matrix3(diagonal: Vector3(1e-200, 1e-200, 1e-200)),
    Matrix3(Vector3(1, 0, 0), Vector3(2e4, 1, 0), Vector3(3e4, 2e4, 1)),
  ])
  func refusesWhatIsNoCell(_ vectors: Matrix3) throws {
    #expect(try structuresError { try Cell(vectors: vectors) }.code == .invalidCell)
  }

  @Test func refusesLengthsAndAnglesThatCloseNoCell() throws {
    for lengths in [Vector3(-1, -1, 1), Vector3(0, 1, 1), Vector3(1, .nan, 1), Vector3(1, 1, .infinity)] {
      #expect(try structuresError { try Cell(lengths: lengths) }.code == .invalidCell)
      #expect(try structuresError { try Cell(lengths: lengths, angles: Vector3(90, 90, 90)) }.code == .invalidCell)
    }
    for angles in [Vector3(30, 30, 90), Vector3(90, 90, 0), Vector3(90, 90, 180), Vector3(150, 150, 150), Vector3(90, .nan, 90)] {
      #expect(try structuresError { try Cell(lengths: Vector3(5, 6, 7), angles: angles) }.code == .invalidCell)
    }
  }

  @Test func lengthsAndAnglesRoundTrip() throws {
    var random = RandomStream(seed: 3)
    for _ in 0..<200 {
      let lengths = random.vector(3...20)
      let angles = random.vector(60...110)
      let cell = try Cell(lengths: lengths, angles: angles)
      // acos loses little between 60° and 110°.
      #expect((cell.lengths - lengths).length < 1e-12)
      #expect((cell.angles - angles).length < 1e-11)
      #expect(cell.vectors[0].y == 0 && cell.vectors[0].z == 0 && cell.vectors[1].z == 0)
      // V = a b c sqrt(1 - cos²α - cos²β - cos²γ + 2 cosα cosβ cosγ), which the widths must agree with: V = width × face.
      let face = cell.vectors[0].cross(cell.vectors[1]).length
      #expect(abs(cell.widths.z * face / cell.volume - 1) < 1e-13)
    }
  }

  @Test func hexagonalCellHasItsKnownMeasures() throws {
    let cell = try Cell(lengths: Vector3(4, 4, 10), angles: Vector3(90, 90, 120))
    // a² c sin 120° and a sin 120°.
    #expect(abs(cell.volume - 160 * 0.75.squareRoot()) < 1e-12)
    #expect(abs(cell.widths.x - 4 * 0.75.squareRoot()) < 1e-14)
    #expect(!cell.isOrthorhombic)
    #expect(cell.isPeriodic)
  }

  @Test func fractionalAndCartesianAreInverse() throws {
    var random = RandomStream(seed: 4)
    for (_, cell) in try Cells.all() {
      let position = random.vector(-50...50)
      #expect((cell.cartesian(cell.fractional(position)) - position).length < 1e-12)
      #expect((cell.fractional(cell.origin + cell.vectors[1]) - Vector3(0, 1, 0)).length < 1e-14)
    }
  }

  @Test func deformationTakesEdgesAlong() throws {
    let cell = try Cell(lengths: Vector3(2, 3, 4), origin: Vector3(1, 1, 1))
    let shear = Matrix3(Vector3(1, 0.5, 0), Vector3(0, 1, 0), Vector3(0, 0, 2))
    let deformed = try cell.deformed(by: shear)
    #expect(deformed.vectors == Matrix3(Vector3(2, 0, 0), Vector3(1.5, 3, 0), Vector3(0, 0, 8)))
    #expect(deformed.origin == Vector3(1.5, 1, 2))
    #expect(try structuresError { try cell.deformed(by: Matrix3(diagonal: Vector3(-1, 1, 1))) }.code == .invalidCell)
  }
}
