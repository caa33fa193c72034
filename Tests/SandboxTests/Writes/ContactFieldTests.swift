import Core
import Testing

@testable import Sandbox

/// Custom fields and channels, in the spellings of both generations.
@Suite struct ContactFieldTests {
  private func value(_ asking: Asking, _ members: String) throws -> (status: Int, messages: [String], value: JSONValue?) {
    let field = asking.data.customFieldDefinitions[0]
    let answer = try asking.write(
      "PUT", "/contacts/" + asking.data.contactID(at: 0),
      asking.object(#""customFields":[{"# + members.replacing("ID", with: field.id) + "}]"))
    let contact = try asking.get("/contacts/" + asking.data.contactID(at: 0))["contact"]
    let item = contact?["customFields"]?.arrayValue?.first { $0["id"]?.stringValue == field.id }
    return (answer.status, answer.messages, item?["value"])
  }

  @Test(arguments: [
    (#""id":"ID","field_value":"x""#, true, true), (#""key":"job_title","field_value":"x""#, true, true),
    (#""key":"contact.job_title","field_value":"x""#, true, true), (#""id":"ID","fieldValue":"x""#, false, true),
    (#""id":"ID","value":"x""#, false, false), (#""field_value":"x""#, false, false),
    (#""id":1,"field_value":"x""#, false, false), (#""id":"ID","field_value":true"#, false, false),
  ])
  func `a field is named by id or key, and its value by generation`(members: String, dated: Bool, v3: Bool) throws {
    for (version, isTaken) in [("2021-07-28", dated), ("v3", v3)] {
      let (status, messages, value) = try value(try Asking(version: version), members)
      #expect(status == (isTaken ? 200 : 422), "\(version)")
      if isTaken { #expect(value == .string("x")) } else { #expect(messages.allSatisfy { $0.hasPrefix("customFields.0.") }) }
    }
  }

  @Test(
    arguments: [
      (#""text""#, JSONValue.string("text")), ("12.50", .number("12.50")), (#"["a","b"]"#, .array([.string("a"), .string("b")])),
      ("[1]", .array([.number("1")])), (#"{"a":1}"#, .object([.init("a", .number("1"))])), ("\"\"", nil), ("[]", nil),
      ("null", nil),
    ] as [(String, JSONValue?)])
  func `values come back as they were sent, and empty ones take the field away`(sent: String, stored: JSONValue?) throws {
    #expect(try value(try Asking(), #""id":"ID","field_value":\#(sent)"#).value == stored)
  }

  @Test func `a field that the location does not define is ignored`() throws {
    let asking = try Asking()
    let path = "/contacts/" + asking.data.contactID(at: 0)
    let before = try asking.get(path)["contact"]?["customFields"]
    let answer = try asking.write(
      "PUT", path, #"{"customFields":[{"key":"unknown","field_value":"x"},{"id":"x","field_value":1}]}"#)
    #expect(answer.status == 200 && answer.body["contact"]?["customFields"] == before)
  }

  @Test(
    arguments: [
      ("2021-07-28", "Email", nil), ("v3", "email", nil), ("2021-07-28", "email", "dndSettings.property email should not exist"),
      ("v3", "Email", "dndSettings.property Email should not exist"), ("v3", "RCS", "dndSettings.property RCS should not exist"),
      ("2021-07-28", "WhatsApp", nil), ("v3", "whatsApp", nil),
      ("v3", "whatsapp", "dndSettings.property whatsapp should not exist"),
    ] as [(String, String, String?)])
  func `channels are spelled by generation`(version: String, name: String, message: String?) throws {
    let asking = try Asking(contacts: 1, version: version)
    let path = "/contacts/" + asking.data.contactID(at: 0)
    let answer = try asking.write("PUT", path, #"{"dndSettings":{"\#(name)":{"status":"permanent"}}}"#)
    #expect(answer.status == (message == nil ? 200 : 422))
    if let message {
      #expect(answer.messages == [message])
    } else {
      for other in ContactWriteTests.versions {
        var asking = asking
        asking.version = other
        let settings = try asking.get(path)["contact"]?["dndSettings"]?.objectValue ?? []
        let channel = settings.first { $0.name.lowercased() == name.lowercased() }
        #expect(channel?.value["status"]?.stringValue == "permanent")
        let stored = name.prefix(1).uppercased() + name.dropFirst()
        #expect(channel?.name == ChannelNames.name(stored, other == "v3" ? .v3 : .dated))
      }
    }
  }

  @Test func `channels that are not sent stay`() throws {
    let asking = try Asking(contacts: 0)
    let id = try #require(try asking.create(#""dndSettings":{"Email":{"status":"active","message":"m"}}"#)["id"]?.stringValue)
    let answer = try asking.write("PUT", "/contacts/" + id, #"{"dndSettings":{"SMS":{"status":"inactive"}}}"#)
    let settings = answer.body["contact"]?["dndSettings"]
    #expect(settings?["Email"]?["message"]?.stringValue == "m" && settings?["SMS"]?["status"]?.stringValue == "inactive")
  }

  @Test(arguments: [
    ("+1 888-888-8888", "US", "+18888888888"), ("(415) 555-0123", "US", "+14155550123"), ("1 415 555 0123", "US", "+14155550123"),
    ("030 1234567", "DE", "+49301234567"), ("+49 30 1234567", "US", "+49301234567"), ("call me", "US", "call me"),
    ("12345", "US", "12345"), ("0123 456789", "AF", "0123 456789"),
  ])
  func `phones are stored as E.164 where they can be`(sent: String, country: String, stored: String) throws {
    let asking = try Asking(contacts: 0)
    let contact = try asking.create(#""phone":"\#(sent)","country":"\#(country)""#)
    #expect(contact["phone"]?.stringValue == stored)
  }
}
