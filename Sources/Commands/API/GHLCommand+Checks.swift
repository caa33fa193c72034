import Core
import GHL
import HTTP

/// What happens before a request is sent.
extension GHLCommand {
  /// Longer lists of faults are truncated.
  private static let faultsShown = 5

  /// Compares the body with what GHL's documents allow. A request to a route that they do not have is sent unchecked, with a note.
  ///
  /// - Throws: `OperationFailure` with the code `usage`, unless `--force` was passed.
  func checkBody(of request: GHLRequest, note: (String) -> Void) throws {
    let generation = apiVersion ?? .dated
    guard let route = GHLRoute.matching(request.method, request.path, in: generation) else {
      if request.method != .get || request.body != nil {
        note("\(request.title) is not in the API documents that Waybill knows, so it is sent unchecked")
      }
      return
    }
    let faults = route.faults(in: request.body, generation)
    guard !force, !faults.isEmpty else { return }
    let shown =
      faults.prefix(Self.faultsShown) + (faults.count > Self.faultsShown ? ["and \(faults.count - Self.faultsShown) more"] : [])
    throw OperationFailure(
      .usage, "\(request.title) was not sent: \(shown.joined(separator: "; ")); pass --force to send it anyway")
  }

  /// Returns only if a request that changes data may be sent.
  ///
  /// - Throws: `OperationFailure`, `GHLFailure` if a contact that would be deleted does not exist, `CancellationError`.
  func confirm(_ request: GHLRequest, _ client: GHLClient, in context: CommandContext) async throws {
    guard !yes else { return }
    guard let confirmation = context.confirmation else {
      // Omit the query: it may contain a name or an address, and messages end up in logs.
      throw OperationFailure(
        .usage, "\(request.title) changes data, and there is no terminal to confirm it on: pass --yes to send it")
    }
    let address = try client.configuration.check()
    var lines = ["\(request.method.rawValue) \(address.text)\(request.target)", "location: \(client.configuration.location)"]
    if GHLRoute.matching(request.method, request.path) == .deleteContact {
      lines.append("contact: \(try await Self.name(ofContact: request.path.filter { !$0.isEmpty }[1], client))")
    }
    if let body = request.body { lines.append(body.prettyText) }
    for line in lines.joined(separator: "\n").split(separator: "\n") { context.console.prompt(String(line)) }
    guard try await confirmation.agrees(to: "This changes data in GHL. Send it?") else {
      throw OperationFailure(.interrupted, "not confirmed: nothing was changed")
    }
  }

  /// Shown to people, who know a contact by its name, not by its ID.
  private static func name(ofContact id: String, _ client: GHLClient) async throws -> String {
    let record: JSONValue
    do throws(GHLFailure) {
      guard let found = try await client.contact(id) else { return "unknown" }
      record = (try? JSONReader.read(found.line)) ?? .null
    } catch {
      // For example, the token may change contacts but not read them. If the contact does not exist, nothing is confirmed.
      guard error.kind != .notFound, error.kind != .cancelled else { throw error }
      return "unknown, because it cannot be read: \(error.description)"
    }
    func text(_ member: String) -> String? { record[member]?.stringValue.flatMap { $0.isEmpty ? nil : $0 } }
    let parts = [text("firstName"), text("lastName")].compactMap(\.self).joined(separator: " ")
    let name = text("name") ?? (parts.isEmpty ? nil : parts) ?? text("companyName") ?? text("email") ?? text("phone")
    return name.map(VisibleText.escaped) ?? "no name"
  }
}
