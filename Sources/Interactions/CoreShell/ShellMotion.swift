/// How shells follow their cores in molecular dynamics.
public enum ShellMotion: String, CaseIterable, Sendable, Codable {
  /// Without mass: at each step where no force acts on them.
  case relaxed
  /// With a small mass of their own, kept cold: a shorter time step, but one evaluation of forces a step.
  ///
  /// Source: Mitchell and Fincham, J. Phys.: Condens. Matter 5, 1031 (1993), doi:10.1088/0953-8984/5/8/006.
  case adiabatic
}
