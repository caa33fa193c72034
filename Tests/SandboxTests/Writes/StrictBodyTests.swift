import Core
import Testing

@testable import Sandbox

/// Bodies that are refused: a 422 with all that is wrong, and nothing is written.
@Suite struct StrictBodyTests {
  @Test(arguments: [
    ("POST /contacts/", "{}", ["locationId should not be empty", "locationId must be a string"]),
    ("POST /contacts/", #"{"locationId":""}"#, ["locationId should not be empty"]),
    (
      "POST /contacts/", #"{"locationId":"LOCATION","additionalEmails":[],"ssn":"1","dnd":"yes"}"#,
      ["property additionalEmails should not exist", "property ssn should not exist", "dnd must be a boolean value"]
    ), ("POST /contacts/", #"{"locationId":"LOCATION","postalCode":null}"#, ["postalCode must be a string"]),
    ("POST /contacts/", #"{"locationId":"LOCATION","firstName":1}"#, ["firstName must be a string"]),
    ("POST /contacts/", #"{"locationId":"LOCATION","tags":"vip"}"#, ["tags must be an array"]),
    ("POST /contacts/", #"{"locationId":"LOCATION","tags":["vip",1]}"#, ["each value in tags must be a string"]),
    ("POST /contacts/", #"{"locationId":"LOCATION","country":"Germany"}"#, ["country must be a valid ISO31661 Alpha2 code"]),
    ("POST /contacts/", #"{"locationId":"LOCATION","country":"de"}"#, ["country must be a valid ISO31661 Alpha2 code"]),
    ("POST /contacts/", #"{"locationId":"LOCATION","customFields":{}}"#, ["customFields must be an array"]),
    ("POST /contacts/", #"{"locationId":"LOCATION","businessId":"x"}"#, ["property businessId should not exist"]),
    (
      "POST /contacts/", #"{"locationId":"LOCATION","dndSettings":{"CHANNEL":{"status":"off"}}}"#,
      ["dndSettings.CHANNEL.status must be one of the following values: active, inactive, permanent"]
    ),
    (
      "POST /contacts/", #"{"locationId":"LOCATION","inboundDndSettings":{"all":{"status":"permanent"}}}"#,
      ["inboundDndSettings.all.status must be one of the following values: active, inactive"]
    ), ("PUT /contacts/CONTACT", #"{"locationId":"LOCATION"}"#, ["property locationId should not exist"]),
    (
      "PUT /contacts/CONTACT", #"{"gender":"female","companyName":"x","businessId":null}"#,
      [
        "property gender should not exist", "property companyName should not exist", "property businessId should not exist",
      ]
    ), ("PUT /contacts/unknown", #"{"x":1}"#, ["property x should not exist"]),
    ("PUT /contacts/CONTACT", #"{"country":null}"#, ["country must be a valid ISO31661 Alpha2 code"]),
    ("POST /contacts/upsert", #"{"locationId":"LOCATION","new":true}"#, ["property new should not exist"]),
    ("POST /contacts/CONTACT/followers", "{}", ["followers should not be empty", "followers must be an array"]),
    ("DELETE /contacts/CONTACT/followers", "", ["followers should not be empty", "followers must be an array"]),
    (
      "POST /contacts/bulk/business", #"{"locationId":"LOCATION","ids":["CONTACT"]}"#,
      ["businessId should not be empty", "businessId must be a string"]
    ), ("POST /businesses/", #"{"locationId":"LOCATION"}"#, ["name should not be empty", "name must be a string"]),
    ("PUT /businesses/BUSINESS", #"{"locationId":"LOCATION"}"#, ["property locationId should not exist"]),
    ("PUT /businesses/BUSINESS", #"{"city":null}"#, ["city must be a string"]),
  ])
  func `everything that is wrong is in the list`(request: String, body: String, messages: [String]) throws {
    for version in ContactWriteTests.versions {
      let asking = try Asking(contacts: 5, businesses: 2, version: version)
      let parts = request.split(separator: " ").map(String.init)
      let channel = ChannelNames.name("SMS", version == "v3" ? .v3 : .dated)
      func filled(_ text: String) -> String {
        text.replacing("CHANNEL", with: channel).replacing("LOCATION", with: asking.location).replacing(
          "CONTACT", with: asking.data.contactID(at: 0)
        )
        .replacing("BUSINESS", with: asking.data.businessID(at: 0))
      }
      let before = try asking.get("/contacts/" + asking.data.contactID(at: 0))["contact"]
      let answer = try asking.write(parts[0], filled(parts[1]), filled(body))
      #expect(answer.status == 422 && answer.body["error"]?.stringValue == "Unprocessable Entity")
      #expect(answer.body["message"] == .array(messages.map { .string(filled($0)) }))
      #expect(asking.data.liveCount == 5)
      #expect(try asking.get("/contacts/" + asking.data.contactID(at: 0))["contact"] == before)
    }
  }

  @Test(arguments: ["POST /contacts/", "POST /contacts/upsert", "POST /contacts/bulk/business", "POST /businesses/"])
  func `another location is refused before anything else is checked`(request: String) throws {
    let asking = try Asking(contacts: 1)
    let parts = request.split(separator: " ").map(String.init)
    let answer = try asking.write(parts[0], parts[1], #"{"locationId":"other","x":1}"#)
    #expect(answer.status == 403 && answer.body["message"]?.stringValue == "The token does not have access to this location.")
  }

  @Test func `a body that is not an object is refused`() throws {
    let asking = try Asking(contacts: 1)
    #expect(try asking.write("POST", "/contacts/", "[]").status == 422)
    #expect(try asking.write("POST", "/contacts/", "{").status == 400)
  }

  @Test(arguments: [
    ("contacts.write", "POST /contacts/"), ("contacts.write", "PUT /contacts/waybill-scope-probe"),
    ("contacts.write", "DELETE /contacts/x"), ("contacts.write", "POST /contacts/bulk/business"),
    ("contacts.write", "DELETE /contacts/x/campaigns/removeAll"), ("businesses.write", "DELETE /businesses/x"),
  ])
  func `a token without the scope is refused, and reads all the same`(scope: String, request: String) throws {
    let asking = try Asking(faults: ["scope-missing=" + scope])
    let parts = request.split(separator: " ").map(String.init)
    let refused = try asking.write(parts[0], parts[1], "{}")
    #expect(refused.status == 401 && refused.messages == ["The token is not authorized for this scope."])
    #expect(asking.raw("GET", "/contacts/" + asking.data.contactID(at: 0)).status == 200)
    #expect(asking.raw("GET", "/businesses/" + asking.data.businessID(at: 0)).status == 200)
  }

  @Test(arguments: [
    "PUT /contacts/x", "DELETE /contacts/x", "POST /contacts/x/followers", "DELETE /contacts/x/campaigns/y",
    "POST /contacts/x/workflow/y", "PUT /businesses/x", "DELETE /businesses/x",
  ])
  func `a write to a record that is not there is a 400 or a 404`(request: String) throws {
    let parts = request.split(separator: " ").map(String.init)
    for (faults, status) in [([], 400), (["gone-404"], 404)] {
      let asking = try Asking(faults: faults)
      let body = request.hasSuffix("followers") ? #"{"followers":["a"]}"# : "{}"
      #expect(try asking.write(parts[0], parts[1], body).status == status)
      #expect(asking.raw("GET", "/contacts/x").status == 400, "reads have a switch of their own")
    }
  }

  @Test func `the path that v3 has renamed is in one generation only`() throws {
    let asking = try Asking()
    let path = "/contacts/\(asking.data.contactID(at: 0))/campaigns/"
    #expect(try asking.write("DELETE", path + "removeAll").body["succeded"] == .bool(true))
    #expect(try asking.write("DELETE", path + "remove-all").messages == ["Cannot DELETE \(path)remove-all"])
    var v3 = asking
    v3.version = "v3"
    #expect(try v3.write("DELETE", path + "remove-all").body["succeeded"] == .bool(true))
    let old = try v3.write("DELETE", path + "removeAll")
    #expect(old.status == 400 && old.messages.first?.contains("not available in API version v3") == true)
  }
}
