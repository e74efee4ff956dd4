/// How the charge of a unit is written.
enum ChargeText {
  /// `(3-)`, `(-)`, `(2+)`, or nothing.
  static func text(_ charge: Int) -> String {
    guard charge != 0 else { return "" }
    let number = abs(charge) == 1 ? "" : String(abs(charge))
    return "(\(number)\(charge < 0 ? "-" : "+"))"
  }
}
