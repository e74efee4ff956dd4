import NumericalMethods

/// Follows atoms across the edges of the cell, frame by frame.
///
/// In a cell that stays, all schemes agree. Where the cell changes (NPT), they do not: adding back whole edges of the
/// momentary cell multiplies its fluctuations by the number of edges travelled, and the displacement of an atom that
/// has gone far is no longer its own. ``Scheme/toroidal`` adds up steps instead, and is the one that gives the right
/// diffusion coefficient.
///
/// Source: Bullerjahn, von Bülow, Heidari, Hénin, Hummer, J. Chem. Theory Comput. 19, 3406 (2023),
/// doi:10.1021/acs.jctc.3c00308.
public struct Unwrapping: Sendable {
  /// How positions are continued across edges.
  public enum Scheme: String, CaseIterable, Sendable {
    /// `r + n h` with the image flags n and the cell h of the frame (lattice view): exact for any displacement between
    /// frames, wrong for diffusion where the cell changes.
    case images
    /// The sum of steps of the wrapped positions, each the shortest image in the cell of the later frame, or the one
    /// that the image flags tell (toroidal-view-preserving).
    case toroidal
    /// `r + n h` with n found from the nearest image of the step in fractional coordinates (lattice view without
    /// flags): for cells that do not change.
    case heuristic
  }

  public let scheme: Scheme
  /// How far an atom may move between frames where no image flag tells the way, as a share of the smallest width of the
  /// cell: half a width cannot be told from half a width back.
  public let largestStep: Double
  private var previous: Configuration?
  private var previousFlags: [SIMD3<Int32>] = []
  private var unwrapped: [Vector3] = []
  private var frames = 0
  /// Whether all frames so far had unwrapped coordinates and one cell: then the coordinates are the answer, and ``previous`` is not wrapped.
  private var isPlain = true

  /// - Parameter largestStep: Between 0 and 0.5.
  public init(_ scheme: Scheme = .toroidal, largestStep: Double = 0.4) {
    self.scheme = scheme
    self.largestStep = largestStep
  }

  /// Takes the next frame.
  ///
  /// - Parameter frameName: How errors name the frame.
  /// - Returns: The unwrapped positions in Å, in the order of the atoms.
  /// - Throws: ``StructuresError`` with code `.inconsistentArrays` where the number of atoms changes or ``Scheme/images``
  ///   finds no image flags, and `.ambiguousDisplacement` where an atom moved too far between frames to tell which way.
  public mutating func next(_ frame: Frame, frameName: String) throws -> [Vector3] {
    var configuration = frame.configuration
    let cell = configuration.cell
    if let previous, previous.count != configuration.count {
      throw StructuresError(
        .inconsistentArrays,
        "\(frameName) has \(configuration.count) atoms, the one before \(previous.count); displacements need the same atoms throughout")
    }
    let wasPlain = isPlain && frames > 0
    isPlain = isPlain && frame.isUnwrapped && scheme != .heuristic && (previous?.cell ?? cell) == cell
    if isPlain {
      previous = configuration
      frames += 1
      unwrapped = configuration.positions
      return unwrapped
    }
    if wasPlain, var last = previous {
      previousFlags = Self.wrap(&last)
      previous = last
    }
    // Unwrapped coordinates tell how many edges an atom has crossed, as flags do.
    var flags = configuration.images
    let asRead = configuration.positions
    if frame.isUnwrapped {
      flags = Self.wrap(&configuration)
    } else if flags.isEmpty, scheme == .toroidal {
      // What nobody says to be unwrapped may be: a step is one of the atom in its cell.
      _ = Self.wrap(&configuration)
    }
    if scheme == .images && flags.isEmpty {
      throw StructuresError(
        .inconsistentArrays,
        "\(frameName) has no image flags (ix iy iz) and no unwrapped coordinates (xu yu zu); write them, or unwrap by \"toroidal\"")
    }
    defer {
      previous = configuration
      previousFlags = flags
      frames += 1
    }
    guard let last = previous else {
      unwrapped = flags.isEmpty ? asRead : zip(configuration.positions, flags).map { $0 + Self.vector($1) * cell.vectors }
      return unwrapped
    }
    let widths = cell.widths
    let smallestWidth = (0..<3).filter { cell.periodic[$0] }.map { widths[$0] }.min() ?? .infinity
    let limit = largestStep * smallestWidth * largestStep * smallestWidth
    switch scheme {
    case .images:
      for i in unwrapped.indices { unwrapped[i] = configuration.positions[i] + Self.vector(flags[i]) * cell.vectors }
    case .toroidal:
      // A cell that was chosen anew (LAMMPS flips a strong tilt) counts its images differently.
      let useFlags = !flags.isEmpty && !previousFlags.isEmpty && !Self.isChosenAnew(cell, after: last.cell)
      for i in unwrapped.indices {
        let step = configuration.positions[i] - last.positions[i]
        if useFlags {
          unwrapped[i] += step + Self.vector(flags[i] &- previousFlags[i]) * cell.vectors
        } else {
          let shortest = cell.minimumImage(step)
          if shortest.squaredLength > limit { throw tooFar(shortest, atom: i, in: configuration, smallestWidth, frameName) }
          unwrapped[i] += shortest
        }
      }
    case .heuristic:
      for i in unwrapped.indices {
        let before = last.cell.fractional(unwrapped[i])
        var away = (cell.fractional(configuration.positions[i]) - before).rounded(.toNearestOrEven)
        away.replace(with: 0, where: .!cell.periodic)
        let next = configuration.positions[i] - away * cell.vectors
        let step = (cell.fractional(next) - before) * cell.vectors
        let shortest = cell.minimumImage(step)
        if shortest.squaredLength > limit { throw tooFar(shortest, atom: i, in: configuration, smallestWidth, frameName) }
        // In a skewed cell the nearest in fractional coordinates need not be the nearest.
        unwrapped[i] = next + (shortest - step)
      }
    }
    return unwrapped
  }

  private func tooFar(
    _ step: Vector3, atom: Int, in frame: Configuration, _ width: Double, _ frameName: String
  ) -> StructuresError {
    let name = frame.identifiers.isEmpty ? atom + 1 : frame.identifiers[atom]
    let label = frame.species[Int(frame.types[atom])].label
    return StructuresError(
      .ambiguousDisplacement,
      "atom \(name) (\(label)) moved \(rounded(step.length)) Å between the frame before and \(frameName), more than \(largestStep) of the "
        + "smallest cell width (\(rounded(width)) Å), so that the way it went cannot be told; write frames more often, or with image "
        + "flags (ix iy iz)")
  }

  private func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }

  /// Whether an edge went over to another vector of nearly the same lattice.
  ///
  /// The new edges in units of the old ones are then near whole numbers other than the unit matrix; a cell that only
  /// breathes and shears, however fast, stays nearest to the unit matrix.
  private static func isChosenAnew(_ cell: Cell, after last: Cell) -> Bool {
    let edges = cell.vectors * last.inverse
    return (0..<3).contains { row in
      (0..<3).contains { column in abs(edges[row][column] - (row == column ? 1 : 0)) > 0.5 }
    }
  }

  /// Moves atoms into the cell.
  ///
  /// - Returns: How many edges each was away.
  private static func wrap(_ configuration: inout Configuration) -> [SIMD3<Int32>] {
    let cell = configuration.cell
    return configuration.positions.indices.map { i in
      let (position, image) = cell.wrap(configuration.positions[i])
      configuration.positions[i] = position
      return image
    }
  }

  private static func vector(_ image: SIMD3<Int32>) -> Vector3 {
    Vector3(Double(image.x), Double(image.y), Double(image.z))
  }
}
