import Core
import HTTP
import TestSupport
import Testing

@testable import Load

@Suite struct FallbackCredentialsTests {
  private static func authorization(_ credentials: Credentials) async throws -> (header: String?, generation: Int) {
    var headers: [(name: String, value: String)] = []
    var target = "/"
    let generation = try await credentials.apply(to: &headers, target: &target)
    return (headers.first { $0.name == "authorization" }?.value, generation)
  }

  @Test func `the fallback is used once the token is refused, and stays`() async throws {
    let credentials = Credentials(
      .bearer(.environment("TOKEN")), fallback: .environment("NEXT"), environment: ["TOKEN": "first-token", "NEXT": "next-token"])
    let first = try await Self.authorization(credentials)
    #expect(first.header == "Bearer first-token")
    #expect(await credentials.renew(after: first.generation))
    let second = try await Self.authorization(credentials)
    #expect(second.header == "Bearer next-token")
    // A call that was refused with the first token takes the one in use.
    #expect(await credentials.renew(after: first.generation))
    #expect(await !credentials.renew(after: second.generation))
    #expect(try await Self.authorization(credentials).header == "Bearer next-token")
  }

  @Test func `a token that was rotated in its file comes before the fallback`() async throws {
    let folder = TemporaryFolder()
    try folder.write("token.txt", "first-token\n")
    let credentials = Credentials(
      .bearer(.file(folder.path + "/token.txt")), fallback: .environment("NEXT"), environment: ["NEXT": "next-token"])
    let first = try await Self.authorization(credentials)
    try folder.write("token.txt", "rotated-token\n")
    #expect(await credentials.renew(after: first.generation))
    let second = try await Self.authorization(credentials)
    #expect(second.header == "Bearer rotated-token")
    #expect(await credentials.renew(after: second.generation))
    #expect(try await Self.authorization(credentials).header == "Bearer next-token")
  }

  @Test(
    "a fallback that is missing or the same is none",
    arguments: [["TOKEN": "first-token"], ["TOKEN": "first-token", "NEXT": "first-token"]])
  func none(environment: [String: String]) async throws {
    let credentials = Credentials(.bearer(.environment("TOKEN")), fallback: .environment("NEXT"), environment: environment)
    let first = try await Self.authorization(credentials)
    #expect(await !credentials.renew(after: first.generation))
    #expect(try await Self.authorization(credentials).header == "Bearer first-token")
    #expect((credentials.fallbackTrouble == nil) == (environment["NEXT"] != nil))
  }

  @Test(
    "a fallback that cannot be read is reported before it is needed, but a command is not run for that",
    arguments: [
      (SecretReference.environment("NEXT"), nil), (.environment("MISSING"), "the environment has no MISSING"),
      (.environment("EMPTY"), "is empty"), (.file("/nowhere/next.txt"), "cannot be read"),
      (.command(["/nowhere/next"], folder: "/"), nil),
    ] as [(SecretReference, String?)])
  func check(fallback: SecretReference, message: String?) async throws {
    let credentials = Credentials(
      .bearer(.environment("TOKEN")), fallback: fallback,
      environment: ["TOKEN": "first-token", "NEXT": "next-token", "EMPTY": ""])
    let found = credentials.checkFallback()
    #expect((found == nil) == (message == nil))
    if let message { #expect(found?.description.contains(message) == true, "\(String(describing: found))") }
    #expect(credentials.fallbackTrouble == nil)
  }

  @Test func `a command that fails is the reason once it was needed`() async throws {
    let credentials = Credentials(
      .bearer(.environment("TOKEN")), fallback: .command(["/nowhere/next"], folder: "/"), environment: ["TOKEN": "first-token"])
    let first = try await Self.authorization(credentials)
    #expect(await !credentials.renew(after: first.generation))
    let trouble = credentials.fallbackTrouble?.description ?? "none"
    #expect(trouble.contains("{command: [next]}"), "\(trouble)")
  }
}
