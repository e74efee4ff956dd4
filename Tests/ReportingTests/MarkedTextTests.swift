import Testing

@testable import Reporting

@Suite struct MarkedTextTests {
  @Test(arguments: [
    ("r", "r", "r", "r"), ("Å^{-1}", "Å⁻¹", "Å<sup>−1</sup>", "Å^{−1}"), ("MSD (Å^2)", "MSD (Å²)", "MSD (Å<sup>2</sup>)", "MSD (Å^{2})"),
    ("g_{Li-O}(r)", "g_Li-O(r)", "g<sub>Li-O</sub>(r)", "g_{Li-O}(r)"), ("Li_{2}O", "Li₂O", "Li<sub>2</sub>O", "Li_{2}O"),
    ("t^{0.62}", "t^0.62", "t<sup>0.62</sup>", "t^{0.62}"), ("file_1^x", "file_1^x", "file_1^x", "file\\_1\\^x"),
    ("a & <b>", "a & <b>", "a &amp; &lt;b&gt;", "a \\& <b>"), ("it's", "it's", "it&#39;s", "it''s"),
    ("{x}@~\\", "{x}@~\\", "{x}@~\\", "\\{x\\}\\@\\~\\\\"), ("_{", "_{", "_{", "\\_\\{"), ("a\nb", "a b", "a b", "a b"), ("", "", "", ""),
  ]) func spellings(text: String, plain: String, html: String, gnuplot: String) {
    let marked = MarkedText(text)
    #expect(marked.plain == plain)
    #expect(marked.html == html)
    #expect(marked.gnuplot == gnuplot)
  }

  @Test(arguments: [
    ("r", "<i>r</i>"), ("S(Q)", "<i>S</i>(<i>Q</i>)"), ("g_{ij}(r)", "<i>g</i><sub>ij</sub>(<i>r</i>)"),
    ("F_{s}(Q, t)", "<i>F</i><sub>s</sub>(<i>Q</i>, <i>t</i>)"), ("MSD", "MSD"), ("Share", "Share"), ("g(r) total", "g(r) total"),
  ]) func symbolsAreItalic(text: String, html: String) {
    #expect(MarkedText(text).withSymbols.html == html)
  }

  @Test(arguments: [
    ("Li-O", "Li–O"), ("angle O-P-O", "angle O–P–O"), ("X-ray", "X-ray"), ("one-body", "one-body"), ("-", "-"), ("B-", "B-"), ("-1", "-1"),
  ]) func pairsHaveDashes(text: String, dashed: String) {
    #expect(MarkedText(text).withBondDashes.plain == dashed)
  }

  @Test(arguments: [
    ("A", "A", "Å"), ("Å", "A", "Å"), ("1/A", "1/A", "Å^{-1}"), ("Å^{-1}", "1/A", "Å^{-1}"), ("Å⁻¹", "1/A", "Å^{-1}"),
    ("A^-1", "1/A", "Å^{-1}"),
    ("A2", "A2", "Å^{2}"), ("Å^2", "A2", "Å^{2}"), ("g/cm3", "g/cm3", "g/cm^{3}"), ("g cm^{-3}", "g/cm3", "g/cm^{3}"),
    ("cm2/s", "cm2/s", "cm^{2}/s"), ("eV/A3", "eV/A3", "eV/Å^{3}"), ("kcal/mol/A", "kcal/mol/A", "kcal mol^{-1} Å^{-1}"), ("K", "K", "K"),
    ("%", "%", "%"), ("mol%", "mol%", "mol%"), ("deg", "deg", "°"), ("1/deg", "1/deg", "°^{-1}"),
    ("arb. units", "arb. units", "arb. units"),
    ("", "", ""), ("mA/cm2", "mA/cm2", "mA/cm^{2}"),
  ]) func units(text: String, ascii: String, marked: String) {
    #expect(UnitLabel(text).ascii == ascii)
    #expect(UnitLabel(text).marked == marked)
    #expect(UnitLabel(UnitLabel(text).ascii).marked == marked, "what is written reads back")
  }
}
