import Core

/// `POST /_sandbox/edits?contacts=12`: the people who work with the CRM edit the first contacts. Each call is one more edit: the
/// contacts get a different company and a later `dateUpdated`. For trying out what a run does with data that has changed.
enum SandboxEdits {
  static let path = ["_sandbox", "edits"]

  static func respond(to request: SandboxRequest, _ sandbox: Sandbox) -> SandboxAnswer {
    guard request.method == "POST" else { return AppProblem(.methodNotAllowed, "This path supports POST.").answer }
    guard let text = request.query["contacts"], let contacts = Int(text), contacts >= 0 else {
      return AppProblem(.invalidParameter, "Say how many contacts to edit: /_sandbox/edits?contacts=12.").answer
    }
    let edits = sandbox.location.edit(contacts)
    return SandboxAnswer { out in
      out.number("contacts", edits.last ?? 0)
      out.number("edit", edits.count)
    }
  }
}
