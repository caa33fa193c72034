import Core

@testable import Sandbox

/// Writes of every route, whose bodies and answers are compared with the official documents.
enum WriteSamples {
  static func answers(_ route: Route, _ asking: Asking) -> [SandboxAnswer] {
    let data = asking.data
    func write(_ path: String, _ body: String = "") -> SandboxAnswer {
      asking.raw(String(route.rawValue.prefix { $0 != " " }), path, body: body)
    }
    func contact(_ index: Int) -> String { "/contacts/" + data.contactID(at: index) }
    switch route {
    case .createContact:
      return [
        write("/contacts/", asking.object(#""locationId":"\#(asking.location)""#)),
        write("/contacts/", asking.object(#""locationId":"\#(asking.location)","# + create(asking))),
      ]
    case .updateContact:
      // An empty body changes nothing: the answers are those of the records as they are.
      return (0..<200).map { write(contact($0), "{}") } + [write(contact(0), asking.object(update(asking)))]
    case .deleteContact: return [write(contact(3))]
    case .upsertContact:
      let known = (0..<200).compactMap { data.contact(at: $0).email }.filter { !$0.isEmpty }
      return known.map {
        write("/contacts/upsert", #"{"locationId":"\#(asking.location)","email":\#(JSONValue.string($0).text)}"#)
      } + [
        write(
          "/contacts/upsert",
          asking.object(#""locationId":"\#(asking.location)","createNewIfDuplicateAllowed":true,"# + create(asking)))
      ]
    case .addFollowers, .removeFollowers:
      return [write(contact(0) + "/followers", #"{"followers":["\#(data.userID(at: 1))"]}"#)]
    case .addToCampaign, .removeFromCampaign: return [write(contact(0) + "/campaigns/abc")]
    case .removeFromCampaigns: return [write(contact(0) + "/campaigns/removeAll")]
    case .removeFromCampaignsV3: return [write(contact(0) + "/campaigns/remove-all")]
    case .addToWorkflow, .removeFromWorkflow:
      return [write(contact(0) + "/workflow/abc", #"{"eventStartTime":"2021-06-23T03:30:00+01:00"}"#)]
    case .bulkBusiness:
      return [
        write(
          "/contacts/bulk/business",
          #"{"locationId":"\#(asking.location)","ids":["\#(data.contactID(at: 0))"],"businessId":"\#(data.businessID(at: 1))"}"#)
      ]
    case .bulkTags:
      return [
        write(
          "/contacts/bulk/tags/update/add",
          #"{"locationId":"\#(asking.location)","contacts":["\#(data.contactID(at: 0))","x"],"tags":["vip"]}"#)
      ]
    case .createBusiness:
      return [write("/businesses/", #"{"locationId":"\#(asking.location)","name":"New"}"#)]
    case .updateBusiness: return (0..<4).map { write("/businesses/" + data.businessID(at: $0), #"{"city":"Rome"}"#) }
    case .deleteBusiness: return [write("/businesses/" + data.businessID(at: 0))]
    case .createTask: return [write(contact(0) + "/tasks", asking.object(task(asking)))]
    case .updateTask: return tasks(data).map { write($0, asking.object(task(asking))) }
    case .completeTask: return tasks(data).map { write($0 + "/completed", #"{"completed":true}"#) }
    case .deleteTask: return [write(tasks(data)[0])]
    case .createNote: return [write(contact(0) + "/notes", asking.object(note(asking)))]
    case .updateNote: return notes(data).map { write($0, asking.object(note(asking))) }
    case .deleteNote: return [write(notes(data)[0])]
    case .addTags, .removeTags: return (0..<5).map { write(contact($0) + "/tags", #"{"tags":["vip","new tag"]}"#) }
    default: return []
    }
  }

  /// Every member of a new contact except `locationId`.
  static func create(_ asking: Asking) -> String {
    contact(asking) + #","gender":"female","companyName":"Acme","source":"import","assignedTo":"\#(asking.data.userID(at: 2))""#
  }

  /// Every member of a changed contact.
  static func update(_ asking: Asking) -> String {
    contact(asking) + #","source":"import","assignedTo":"\#(asking.data.userID(at: 2))""#
  }

  /// Every member of a task, as an update takes it.
  static func task(_ asking: Asking) -> String {
    #""title":"Call","body":"soon","dueDate":"2026-01-02T03:04:05Z","completed":false,"assignedTo":"\#(asking.data.userID(at: 2))""#
  }

  /// Every member of a note.
  static func note(_ asking: Asking) -> String {
    ##""body":"text","userId":"\##(asking.data.userID(at: 2))","title":"First","color":"#FFAA00","pinned":true"##
  }

  private static func tasks(_ data: SyntheticData) -> [String] {
    (0..<10).flatMap { data.tasks(of: $0) }.map { "/contacts/\($0.contactID)/tasks/\($0.id)" }
  }

  private static func notes(_ data: SyntheticData) -> [String] {
    (0..<10).flatMap { data.notes(of: $0) }.map { "/contacts/\($0.contactID)/notes/\($0.id)" }
  }

  private static func contact(_ asking: Asking) -> String {
    let isV3 = asking.version == "v3"
    let value = isV3 ? "fieldValue" : "field_value"
    let fields = asking.data.customFieldDefinitions
    let items = [
      #"{"id":"\#(fields[0].id)","\#(value)":"CTO"}"#, #"{"key":"employees","\#(value)":12}"#,
      #"{"id":"\#(fields[10].id)","key":"interests","\#(value)":["R&D","Training"]}"#,
      #"{"key":"contact.contract","\#(value)":{"a-b":{"url":"https://example.com/a"}}}"#,
    ]
    let channels = ["Call", "Email", "SMS", "WhatsApp", "GMB", "FB"].map {
      #""\#(ChannelNames.name($0, isV3 ? .v3 : .dated))":{"status":"inactive","message":"m","code":"101"}"#
    }
    return #"""
      "firstName":"Ada","lastName":"Lovelace","name":"Ada King Lovelace","email":"Ada@Example.com","phone":"+1 415-555-0123",
      "address1":"1 Main St","city":"London","state":"LND","postalCode":"E1","website":"https://example.com",
      "timezone":"Europe/London","dnd":true,"dndSettings":{\#(channels.joined(separator: ","))},
      "inboundDndSettings":{"all":{"status":"active","message":"asked"}},"tags":["vip","new tag"],
      "customFields":[\#(items.joined(separator: ","))],"dateOfBirth":"1990/09/25","country":"GB"
      """#
  }
}

extension Asking {
  func object(_ members: String) -> String { "{" + members + "}" }
}
