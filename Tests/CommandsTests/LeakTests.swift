import Control
import Core
import Foundation
import Testing

@testable import Commands

/// Servers that return the token, and files into which one was typed: it must not leak anywhere.
@Suite("Secrets")
struct LeakTests {
  static let token = #"pit-7c6b5a49-3827-1605-f4e3/d2c1+b0a9"#

  static let pipeline = """
    pipeline: leaks
    source: {ghl: {location: loc, base_url: "${BASE}", auth: {token: {env: TOKEN}}}}
    mappings: [contacts.yaml]
    destinations: {files: {csv: {path: "out/{mapping}.csv"}}}
    gates: {coverage: {min_percent: 1}}
    """
  static let mapping = """
    mapping: 1
    name: contacts
    source: {entity: contact, key: id}
    target: {entity: person, key: id}
    fields: {id: id, name: contactName}
    """

  /// The forms in which a server may return what it was sent.
  static let forms: [@Sendable (String) -> String] = [
    { $0 }, { $0.replacingOccurrences(of: "/", with: "\\/") },
    { $0.utf16.map { "\\u" + String(format: "%04x", $0) }.joined() },
    { $0.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "" },
    { ($0.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "").lowercased() },
    { Data($0.utf8).base64EncodedString() }, { Data("x:\($0)".utf8).base64EncodedString() },
    { Data("xy:\($0)!".utf8).base64EncodedString().replacingOccurrences(of: "=", with: "") },
    { String(repeating: "z", count: 290) + $0 }, { "\u{1B}[31m" + $0 },
  ]

  /// Everything that would give the token away.
  static let traces: [String] =
    [token, "7c6b5a49", "3827-1605", "f4e3/d2c1", "d2c1+b0a9", "+b0a9"]
    + (0..<3).map { offset in
      // The middle of it in Base64.
      String(Data((String(repeating: "x", count: offset) + token).utf8).base64EncodedString().dropFirst(8).prefix(12))
    }

  private static func expectNoTrace(in text: String, _ what: String) {
    for trace in traces where text.range(of: trace, options: .caseInsensitive) != nil {
      Issue.record("\(what) has \(trace): \(text.prefix(2_000))")
      return
    }
  }

  @Test("A token that a server echoes in errors gets into no message and no file", arguments: forms.indices)
  func echo(form: Int) async throws {
    try await withFolder { folder in
      let write = Self.forms[form]
      try Self.pipeline.write(toFile: folder + "/waybill.yaml", atomically: true, encoding: .utf8)
      try Self.mapping.write(toFile: folder + "/contacts.yaml", atomically: true, encoding: .utf8)
      let server = try #require(
        AnsweringServer { request in
          let echo = write(String(request.authorization.dropFirst("Bearer ".count))).replacingOccurrences(
            of: "\u{1B}", with: "\\u001b")
          let failed = AnsweringServer.Answer(
            status: 422, headers: [("traceId", Self.token)],
            body: "{\"message\":[\"bad \(echo)\",\"\(echo)\"],\"error\":\"\(echo)\",\"traceId\":\"\(echo)\",\"statusCode\":422}")
          if request.target.hasPrefix("/businesses") {
            return .init(body: #"{"businesses":[{"id":"b1","name":"\#(echo)","locationId":"loc"}],"count":1}"#)
          }
          if request.target.hasPrefix("/contacts/named") {
            return .init(body: #"{"contact":{"id":"named","locationId":"loc","name":"\#(echo)","email":"\#(echo)"}}"#)
          }
          if request.target.hasPrefix("/locations/loc/customFields") { return .init(body: #"{"customFields":[]}"#) }
          if request.target.hasPrefix("/locations/loc") {
            return .init(body: #"{"location":{"id":"loc","name":"\#(echo)","timezone":"\#(echo)","country":"US"}}"#)
          }
          return failed
        })
      defer { server.stop() }
      let environment = ["BASE": "http://127.0.0.1:\(server.port)", "TOKEN": Self.token]
      for arguments in [
        ["run", "--summary", folder + "/summary.json"], ["extract"], ["plan"], ["runs", "show"], ["ledger", "--format", "csv"],
        ["list", "businesses"], ["ghl", "GET", "/contacts/x"], ["ghl", "DELETE", "/contacts/named"],
        ["ghl", "DELETE", "/contacts/x", "--yes"],
        ["run", "--json", "--log-format", "json"],
      ] {
        let ended = await waybill(arguments + ["--project", folder], environment: environment)
        Self.expectNoTrace(in: ended.output, "standard output of \(arguments)")
        Self.expectNoTrace(in: ended.error, "standard error of \(arguments)")
      }
      var files = 0
      let all = try #require(FileManager.default.enumerator(atPath: folder)).allObjects.compactMap { $0 as? String }
      // Snapshots keep the records as received.
      for file in all where !(file.contains("snapshots/") && file.hasSuffix(".ndjson") && !file.hasSuffix("problems.ndjson")) {
        guard let data = FileManager.default.contents(atPath: folder + "/" + file) else { continue }
        files += 1
        Self.expectNoTrace(in: String(decoding: data, as: UTF8.self), file)
      }
      #expect(files > 8, "\(all)")
    }
  }

  @Test("A token that a destination echoes gets into no prediction and no list of changes", arguments: forms.indices)
  func dryRun(form: Int) async throws {
    try await withFolder { folder in
      let write = Self.forms[form]
      let server = try #require(
        AnsweringServer { request in
          let echo = write(String(request.authorization.dropFirst("Bearer ".count))).replacingOccurrences(
            of: "\u{1B}", with: "\\u001b")
          guard request.target.hasSuffix("c1") else {
            return .init(status: 422, headers: [("x-request-id", Self.token)], body: #"{"message":"bad \#(echo)"}"#)
          }
          return .init(body: #"{"items":[{"id":"c1","remoteId":"r1","name":"Ann"}]}"#)
        })
      defer { server.stop() }
      let pipeline = """
        pipeline: leaks
        source: {ndjson: {contact: in.ndjson}}
        mappings: [contacts.yaml]
        destinations:
          app:
            http:
              base_url: "http://127.0.0.1:\(server.port)"
              auth: {bearer: {env: TOKEN}}
              mappings:
                contacts:
                  create: POST /contacts
                  update: "PUT /contacts/{remote_id}"
                  find: {request: "GET /contacts?id={key}", items: items}
                  remote_id: remoteId
        """
      try pipeline.write(toFile: folder + "/waybill.yaml", atomically: true, encoding: .utf8)
      try Self.mapping.write(toFile: folder + "/contacts.yaml", atomically: true, encoding: .utf8)
      let lines = (1...3).map { #"{"id":"c\#($0)","contactName":"Secretive Name \#($0)"}"# + "\n" }.joined()
      try lines.write(toFile: folder + "/in.ndjson", atomically: true, encoding: .utf8)
      for arguments in [
        ["run", "--dry-run"], ["run", "--dry-run", "--against", "destination", "--json"], ["run", "--apply", "latest"],
      ] {
        let ended = await waybill(arguments + ["--project", folder], environment: ["TOKEN": Self.token])
        Self.expectNoTrace(in: ended.output, "standard output of \(arguments)")
        Self.expectNoTrace(in: ended.error, "standard error of \(arguments)")
        // The mapping shows no name.
        #expect(!ended.output.contains("Secretive"), "\(arguments)")
      }
      var lists = 0
      let all = try #require(FileManager.default.enumerator(atPath: folder)).allObjects.compactMap { $0 as? String }
      for file in all {
        guard let data = FileManager.default.contents(atPath: folder + "/" + file) else { continue }
        let text = String(decoding: data, as: UTF8.self)
        Self.expectNoTrace(in: text, file)
        guard file.contains("changes.") || file.hasSuffix(".changes") else { continue }
        lists += 1
        #expect(!text.contains("Secretive"), "\(file)")
      }
      #expect(lists >= 4, "\(all)")
    }
  }

  /// What GHL would return for a record, with the token in every string of the response.
  private static func answer(_ request: AnsweringServer.Request, _ echo: String) -> AnsweringServer.Answer {
    let trace = [("traceId", token), ("x-request-id", token)]
    func refusal(_ status: Int, _ more: String = "") -> AnsweringServer.Answer {
      .init(
        status: status, headers: trace,
        body:
          #"{"statusCode":\#(status),"message":["\#(echo)","property \#(echo) should not exist"],"traceId":"\#(echo)"\#(more)}"#)
    }
    let isWrite = request.method != "GET"
    return switch request.target.split(separator: "?").first.map(String.init) {
    case "/contacts/waybill-scope-probe": refusal(400)
    case "/locations/loc/customFields":
      .init(body: #"{"customFields":[{"id":"f1","name":"\#(echo)","fieldKey":"contact.tier","dataType":"TEXT"}]}"#)
    case "/contacts/search/duplicate": .init(headers: trace, body: #"{"contact":null,"traceId":"\#(echo)"}"#)
    case "/contacts/search": .init(headers: trace, body: #"{"contacts":[],"total":0,"traceId":"\#(echo)"}"#)
    case "/contacts/" where isWrite:
      switch request.number % 3 {
      case 0: refusal(422)
      case 1: refusal(400, #","meta":{"contactId":"\#(echo)","matchingField":"\#(echo)"}"#)
      default: .init(status: 503, headers: trace, body: #"{"message":"\#(echo)"}"#)
      }
    default: refusal(request.number % 2 == 0 ? 422 : 500)
    }
  }

  @Test(
    "A token that a GHL destination echoes gets into no message and no file",
    arguments: forms.indices.map { ($0, true) } + [(0, false), (3, false)])
  func ghlDestination(form: Int, isFallback: Bool) async throws {
    try await withFolder { folder in
      let write = Self.forms[form]
      let number = Locked(0)
      let server = try #require(
        AnsweringServer { request in
          let used = String(request.authorization.dropFirst("Bearer ".count))
          let echo = write(used).replacingOccurrences(of: "\u{1B}", with: "\\u001b")
          var request = request
          request.number = number.withLock {
            $0 += 1
            return $0
          }
          // The first token is refused from the second call on.
          if isFallback != (used == Self.token), request.number > 1 {
            return .init(status: 401, headers: [("traceId", Self.token)], body: #"{"statusCode":401,"message":"\#(echo)"}"#)
          }
          return Self.answer(request, echo)
        })
      defer { server.stop() }
      let pipeline = """
        pipeline: leaks
        source: {ndjson: {contact: in.ndjson}}
        mappings: [contacts.yaml]
        destinations:
          crm:
            ghl:
              location: loc
              base_url: "http://127.0.0.1:\(server.port)"
              auth: {token: {env: FIRST}, fallback: {env: SECOND}}
              longest_call: 10s
              mappings: {contacts: {to: contacts}}
        """
      try pipeline.write(toFile: folder + "/waybill.yaml", atomically: true, encoding: .utf8)
      try Self.mapping.replacing("key: id}", with: "key: key}").replacing(
        "fields: {id: id, name: contactName}", with: "fields: {key: id, email: email, customFields.tier: contactName}"
      ).replacing("source: {entity: contact, key: key}", with: "source: {entity: contact, key: id}")
        .write(toFile: folder + "/contacts.yaml", atomically: true, encoding: .utf8)
      let lines = (1...4).map { #"{"id":"c\#($0)","email":"c\#($0)@x.io","contactName":"Ann"}"# + "\n" }.joined()
      try lines.write(toFile: folder + "/in.ndjson", atomically: true, encoding: .utf8)
      let other = "pit-another-token-\(form)"
      let environment = ["FIRST": isFallback ? other : Self.token, "SECOND": isFallback ? Self.token : other]
      for arguments in [
        ["run", "--dry-run", "--against", "destination", "--json"], ["run", "--max-duration", "1s"], ["runs", "show"],
        ["ledger", "--format", "csv"], ["reconcile"], ["gates"],
      ] {
        let ended = await waybill(arguments + ["--project", folder], environment: environment)
        Self.expectNoTrace(in: ended.output, "standard output of \(arguments)")
        Self.expectNoTrace(in: ended.error, "standard error of \(arguments)")
      }
      #expect(number.withLock { $0 } > 8)
      let all = try #require(FileManager.default.enumerator(atPath: folder)).allObjects.compactMap { $0 as? String }
      for file in all {
        guard let data = FileManager.default.contents(atPath: folder + "/" + file) else { continue }
        Self.expectNoTrace(in: String(decoding: data, as: UTF8.self), file)
      }
    }
  }

  @Test(
    "A name that contains the token is refused before any file has it",
    arguments: [
      ("pipeline: leaks", "pipeline: SECRET", "the pipeline's name"),
      ("location: loc", "location: x-SECRET", "source.ghl.location"),
      ("location: loc", "location: loc, businesses: [b1, SECRET]", "source.ghl.businesses"),
      ("${BASE}", "http://127.0.0.1:1/SECRET", "source.ghl.base_url"),
      ("destinations: {files", "destinations: {SECRET", "the name of a destination"),
      ("out/{mapping}", "out/SECRET", "the path of a destination"),
      ("[contacts.yaml]", "[SECRET.yaml]", "the path of a mapping"),
    ], ["{env: TOKEN}", "{file: token.txt}", "{command: [echo, SECRET]}"])
  func named(change: (String, String, String), token: String) async throws {
    // Known in the whole process once it was used: each way of finding it needs one of its own.
    let secret = "named-secret-\(token.utf8.count)"
    try await withFolder { folder in
      let pipeline = Self.pipeline.replacing(change.0, with: change.1).replacing("{env: TOKEN}", with: token).replacing(
        "SECRET", with: secret)
      try pipeline.write(toFile: folder + "/waybill.yaml", atomically: true, encoding: .utf8)
      try secret.write(toFile: folder + "/token.txt", atomically: true, encoding: .utf8)
      for name in ["contacts", secret] {
        try Self.mapping.write(toFile: "\(folder)/\(name).yaml", atomically: true, encoding: .utf8)
      }
      for command in ["run", "extract", "plan"] {
        let ended = await waybill(
          command, "--project", folder,
          environment: ["BASE": "http://127.0.0.1:1", "TOKEN": secret, "PATH": "/usr/bin:/bin"])
        #expect(ended.code == .configuration, "\(command): \(ended.error)")
        #expect(ended.error.contains("\(change.2) contains the token"), "\(command): \(ended.error)")
        #expect(!ended.error.contains(secret) && !ended.output.contains(secret), "\(command): \(ended.error)")
      }
      // Only a program tells its secret after the run has begun.
      guard !token.contains("command") else { return }
      let state = folder + "/.waybill"
      for file in FileManager.default.enumerator(atPath: state)?.allObjects.compactMap({ $0 as? String }) ?? [] {
        guard let data = FileManager.default.contents(atPath: "\(state)/\(file)") else { continue }
        #expect(data.range(of: Data(secret.utf8)) == nil, "\(file)")
      }
    }
  }

  @Test("A mapping whose name contains the token is refused before any file is named after it")
  func namedMapping() async throws {
    let secret = "named-secret-of-a-mapping"
    try await withFolder { folder in
      try Self.pipeline.write(toFile: folder + "/waybill.yaml", atomically: true, encoding: .utf8)
      try Self.mapping.replacing("name: contacts", with: "name: x-\(secret)").write(
        toFile: folder + "/contacts.yaml", atomically: true, encoding: .utf8)
      let ended = await waybill("run", "--project", folder, environment: ["BASE": "http://127.0.0.1:1", "TOKEN": secret])
      #expect(ended.code == .configuration && ended.error.contains("the name of a mapping contains the token"), "\(ended.error)")
      let files = try #require(FileManager.default.enumerator(atPath: folder + "/.waybill")).allObjects.compactMap {
        $0 as? String
      }
      #expect(!files.contains { $0.contains(secret) }, "\(files)")
    }
  }

  @Test("A password in base_url and the arguments of a command are neither printed nor kept")
  func address() async throws {
    try await withFolder { folder in
      let pipeline = Self.pipeline.replacingOccurrences(
        of: "{env: TOKEN}", with: "{command: [sh, -c, 'exit 3', s3cret-argument, --password=hunter22]}")
      try pipeline.write(toFile: folder + "/waybill.yaml", atomically: true, encoding: .utf8)
      try Self.mapping.write(toFile: folder + "/contacts.yaml", atomically: true, encoding: .utf8)
      for base in [
        "https://127.0.0.1:1", "https://somebody:hunter2-hunter2@127.0.0.1:1", "http://somebody:hunter2@host.example",
        "ftp://somebody:hunter2-hunter2@127.0.0.1:1",
      ] {
        for command in ["run", "plan", "check", "extract"] {
          let ended = await waybill(command, "--project", folder, environment: ["BASE": base, "PATH": "/usr/bin:/bin"])
          for text in [ended.output, ended.error] {
            #expect(!text.contains("hunter2") && !text.contains("s3cret"), "\(command) \(text)")
          }
        }
      }
      for file in try #require(FileManager.default.enumerator(atPath: folder + "/.waybill")).allObjects.compactMap({
        $0 as? String
      }) {
        guard let data = FileManager.default.contents(atPath: folder + "/.waybill/" + file) else { continue }
        let text = String(decoding: data, as: UTF8.self)
        #expect(!text.contains("hunter2") && !text.contains("s3cret"), "\(file)")
      }
    }
  }

  @Test(
    "check shows no token, wherever somebody pasted it, in pipelines and mappings",
    arguments: [
      ("auth: {token: {env: TOKEN}}", "auth: {token: \(token)}"), ("auth: {token: {env: TOKEN}}", "auth: \(token)"),
      ("auth: {token: {env: TOKEN}}", "auth: {tokn: \(token)}"), ("auth: {token: {env: TOKEN}}", "tokn: \(token)"),
      ("auth: {token: {env: TOKEN}}", "auth: {token: {env: TOKEN}}, \(token): x"), ("loc,", "loc, locaton: x, # \(token)\n "),
      ("pipeline: leaks", "pipelin: [\(token)]"), ("files:", "\(token):"), ("min_percent: 1", "min_percent: \(token)"),
      ("[contacts.yaml]", "[\(token).yaml]"), ("\"${BASE}\"", "\(token)"), ("\"${BASE}\"", "'${\(token)}'"),
      ("id: id", "id: \(token)"), ("contactName", "{from: contactNam, do: [trm]} # \(token)"),
      ("entity: person", "auth: \(token)"),
      ("name: contacts", "name: \"\(token)"), ("fields:", "headers: {X-Key: \(token)}\nfields:"),
      ("mapping: 1", "mapping: \(token)"),
    ])
  func pasted(old: String, new: String) async throws {
    try await withFolder { folder in
      for (name, text) in [("waybill.yaml", Self.pipeline), ("contacts.yaml", Self.mapping)] {
        let changed = text.replacingOccurrences(of: old, with: new)
        try changed.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
      }
      for more in [[], ["--json"], ["--log-format", "json"], ["--explain"]] {
        let ended = await waybill(["check", "--project", folder] + more, environment: ["BASE": "http://127.0.0.1:1"])
        #expect(ended.code == .wrongFile)
        Self.expectNoTrace(in: ended.output + ended.error, "\(more)")
      }
    }
  }

  @Test("Records that hold the token's text are written as they are")
  func data() async throws {
    try await withFolder { folder in
      let pipeline = Self.pipeline.replacingOccurrences(
        of: "ghl: {location: loc, base_url: \"${BASE}\", auth: {token: {env: TOKEN}}}", with: "ndjson: {contact: in.ndjson}")
      try pipeline.write(toFile: folder + "/waybill.yaml", atomically: true, encoding: .utf8)
      try Self.mapping.write(toFile: folder + "/contacts.yaml", atomically: true, encoding: .utf8)
      let line = #"{"id":"c1","contactName":"\#(Self.token)"}"# + "\n"
      try line.write(toFile: folder + "/in.ndjson", atomically: true, encoding: .utf8)
      Redactor.process.learn(Self.token)
      let ended = await waybill("run", "--project", folder)
      #expect(ended.code == .done, "\(ended.error)")
      #expect(try String(contentsOfFile: folder + "/out/contacts.csv", encoding: .utf8) == "id,name\nc1,\(Self.token)\n")
    }
  }
}
