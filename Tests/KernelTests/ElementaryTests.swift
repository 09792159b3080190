import Testing

@testable import Kernel

@Suite("Elementary functions")
struct ElementaryTests {
  @Test("logarithm and exponential are those of the books")
  func values() {
    #expect(abs(Elementary.logarithm(10) - 2.302_585_092_994_046) < 1e-13)
    #expect(abs(Elementary.logarithm(1e-9) + 20.723_265_836_946_41) < 1e-11)
    #expect(Elementary.logarithm(1) == 0)
    #expect(abs(Elementary.exponential(1) - 2.718_281_828_459_045) < 1e-13)
    #expect(abs(Elementary.exponential(-10) - 4.539_992_976_248_485e-5) < 1e-16)
    #expect(Elementary.exponential(0) == 1)
    #expect(abs(Elementary.power(2, 0.5) - 1.414_213_562_373_095) < 1e-13)
    #expect(Elementary.power(0, 3) == 0 && Elementary.power(0, 0) == 1)
  }

  @Test("one undoes the other over the whole range")
  func inverses() {
    for step in -690...690 {
      let x = Double(step) + 0.25
      #expect(abs(Elementary.logarithm(Elementary.exponential(x)) - x) < 1e-11 * max(1, abs(x)))
    }
  }
}
