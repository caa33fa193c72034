import Core
import Testing

@testable import Sandbox

@Suite struct BusinessWriteTests {
  @Test(arguments: ContactWriteTests.versions)
  func `a business is created, changed, filled and deleted`(version: String) throws {
    let asking = try Asking(contacts: 20, businesses: 2, version: version)
    func all() throws -> [JSONValue] {
      try asking.get("/businesses/?locationId=\(asking.location)")["businesses"]?.arrayValue ?? []
    }
    let created = try asking.write(
      "POST", "/businesses/", #"{"locationId":"\#(asking.location)","name":"New","country":"united states"}"#)
    #expect(created.status == 201 && created.body["success"] == .bool(true))
    let business = try #require(created.body["buiseness"])
    let id = try #require(business["id"]?.stringValue)
    #expect(id.count == 24 && business["country"]?.stringValue == "united states")
    #expect(try asking.get("/businesses/" + id)["business"] == business)
    #expect(try all().last == business && all().count == 3)

    let changed = try asking.write("PUT", "/businesses/" + id, #"{"name":"Renamed","city":"Rome"}"#)
    #expect(changed.status == 200 && changed.body["buiseness"]?["city"]?.stringValue == "Rome")
    #expect(try asking.get("/businesses/" + id)["business"]?["name"]?.stringValue == "Renamed")

    let contact = asking.data.contactID(at: 0)
    _ = try asking.write(
      "POST", "/contacts/bulk/business", #"{"locationId":"\#(asking.location)","ids":["\#(contact)"],"businessId":"\#(id)"}"#)
    let members = "/contacts/business/\(id)?locationId=\(asking.location)"
    #expect(asking.ids(try asking.get(members)) == [contact])
    let tasks = try asking.post("/locations/\(asking.location)/tasks/search", #"{"businessId":"\#(id)"}"#)["tasks"]?.arrayValue
    #expect(tasks?.count == asking.data.taskCount(of: 0))

    #expect(try asking.write("DELETE", "/businesses/" + id).body["success"] == .bool(true))
    #expect(asking.raw("GET", "/businesses/" + id).status == 400)
    #expect(try all().count == 2)
    #expect(asking.ids(try asking.get(members)) == [])
    #expect(try asking.get("/contacts/" + contact)["contact"]?["businessId"]?.stringValue == nil)
    #expect(try asking.write("DELETE", "/businesses/" + id).status == 400)
    #expect(try asking.write("PUT", "/businesses/" + id, "{}").status == 400)
  }

  @Test func `deleting a business unlinks its contacts`() throws {
    let asking = try Asking(contacts: 20, businesses: 2)
    let members = asking.data.members(ofBusiness: 0)
    #expect(try asking.write("DELETE", "/businesses/" + asking.data.businessID(at: 0)).status == 200)
    for index in members {
      #expect(try asking.get("/contacts/" + asking.data.contactID(at: index))["contact"]?["businessId"]?.stringValue == nil)
    }
    #expect(asking.data.liveCount == 20)
  }
}
