import Core
import Testing

@testable import Values

/// What becomes of an extension.
struct PhoneExtensionTests {
  private func write(_ text: String, _ region: String, keepsExtension: Bool) -> (String, PhoneNumber.Outcome) {
    var arena = ByteArena(capacity: 64)
    arena.begin()
    let bytes = Array(text.utf8)
    let outcome = PhoneNumber.write(
      bytes.span, region: RegionCode(region), mustBeValid: false, keepsExtension: keepsExtension, into: &arena)
    return (arena.finish().string, outcome)
  }

  @Test(arguments: [
    ("+16502530000;ext=136", "136"), ("+16502530000 x136", "136"), ("+16502530000 ext. 136", "136"),
    ("+16502530000 Ext.136", "136"), ("+16502530000 extension 136", "136"), ("+16502530000 #136", "136"),
    ("+16502530000,136", "136"), ("+16502530000,,136", "136"), ("+16502530000 доб. 136", "136"), ("+16502530000~136", "136"),
    ("+16502530000 int 136", "136"), ("+16502530000 anexo 136", "136"), ("+16502530000;136", "136"),
    ("+16502530000 ext: 136", "136"), ("+16502530000 ext-136", "136"), ("+16502530000 (ext 136)", "136"),
    ("+16502530000 ｘ１３６", "136"), ("+16502530000 x136#", "136"), ("+16502530000 ext.1234567", "1234567"),
    ("+16502530000 x007", "007"),
  ])
  func `an extension is dropped and reported, or kept as RFC 3966 writes it`(text: String, digits: String) {
    #expect(write(text, "US", keepsExtension: false) == ("+16502530000", .writtenWithoutExtension))
    #expect(write(text, "US", keepsExtension: true) == ("+16502530000;ext=\(digits)", .written))
  }

  @Test func `a second extension behind a slash is reported, even if the first is kept`() {
    #expect(write("+16502530000 / x136", "US", keepsExtension: true) == ("+16502530000", .writtenWithoutRest))
    #expect(write("530-583-6985 x302/x2303", "US", keepsExtension: true) == ("+15305836985;ext=302", .writtenWithoutRest))
    #expect(write("530-583-6985 x302/x2303", "US", keepsExtension: false) == ("+15305836985", .writtenWithoutRest))
  }

  @Test(arguments: ["+16502530000;isub=12", "+16502530000;isub=1;ext=5", "tel:253-0000;phone-context=+1650;ext=7"])
  func `parts of an RFC 3966 text that cannot be kept are reported`(text: String) {
    for keeps in [false, true] {
      #expect(write(text, "US", keepsExtension: keeps) == ("+16502530000", .writtenWithoutRest))
    }
  }

  @Test func `a number without an extension has nothing to report`() {
    #expect(write("020 7946 0958", "GB", keepsExtension: true) == ("+442079460958", .written))
    #expect(write("1-800-FLOWERS", "US", keepsExtension: false) == ("+18003569377", .written))
    #expect(write("+16502530000 e136", "US", keepsExtension: true) == ("", .refused(.tooLong)))
  }

  @Test func `the workspace fits into a temporary allocation, which is on the stack up to 1,024 bytes`() {
    #expect(PhoneWorkspace.capacity <= 1_024)
  }
}
