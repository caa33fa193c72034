import Core

/// What belongs to the location as a whole.
extension LocationState {
  func location() -> SandboxAnswer {
    SandboxAnswer {
      $0.object("location") {
        $0.text("id", data.locationID)
        $0.text("companyId", data.companyID)
        $0.text("name", "Sandbox location")
        $0.text("domain", "sandbox.example.com")
        $0.text("address", "1 Market St")
        $0.text("city", "New York")
        $0.text("state", "NY")
        $0.text("logoUrl", "https://www.example.com/logo.png")
        $0.text("country", SyntheticData.country)
        $0.text("postalCode", "10001")
        $0.text("website", "https://www.example.com")
        $0.text("timezone", SyntheticData.timezone)
        $0.text("firstName", "Ada")
        $0.text("lastName", "Sandbox")
        $0.text("email", "location@example.com")
        $0.text("phone", "+14155550100")
        $0.object("business") {
          $0.text("name", "Sandbox location")
          $0.text("address", "1 Market St")
          $0.text("city", "New York")
          $0.text("state", "NY")
          $0.text("country", SyntheticData.country)
          $0.text("postalCode", "10001")
          $0.text("website", "https://www.example.com")
          $0.text("timezone", SyntheticData.timezone)
          $0.text("logoUrl", "https://www.example.com/logo.png")
        }
        $0.object("social") { $0.text("facebookUrl", "https://www.example.com/facebook") }
        $0.object("settings") {
          $0.bool("allowDuplicateContact", allowsDuplicates)
          $0.bool("allowDuplicateOpportunity", false)
          $0.bool("allowFacebookNameMerge", true)
          $0.bool("disableContactTimezone", false)
        }
        $0.object("reseller") { _ in }
      }
    }
  }

  func customFields(_ call: Call) throws(Refusal) -> SandboxAnswer {
    let model = call.query["model"].flatMap { $0.isEmpty ? nil : $0 } ?? "all"
    guard ["contact", "opportunity", "all"].contains(model) else {
      throw .unprocessable(["model must be one of the following values: contact, opportunity, all"])
    }
    let fields = data.customFieldDefinitions.filter { model == "all" || $0.model == model }
    return SandboxAnswer {
      $0.array("customFields") { out in
        for field in fields {
          out.object {
            $0.text("id", field.id)
            $0.text("name", field.name)
            $0.text("fieldKey", field.key)
            $0.text("placeholder", "")
            $0.text("dataType", field.dataType)
            $0.number("position", field.position)
            if !field.options.isEmpty { $0.array("picklistOptions", of: field.options) }
            $0.array("picklistImageOptions") { _ in }
            $0.bool("isAllowedCustomOption", false)
            $0.bool("isMultiFileAllowed", field.dataType == "FILE_UPLOAD")
            $0.number("maxFileLimit", field.dataType == "FILE_UPLOAD" ? 2 : 1)
            $0.text("locationId", data.locationID)
            $0.text("model", field.model)
          }
        }
      }
    }
  }

  func tags() -> SandboxAnswer {
    let data = data
    return SandboxAnswer {
      $0.array("tags") { out in
        for (number, name) in data.tagNames.enumerated() {
          out.object {
            $0.text("name", name)
            $0.text("locationId", data.locationID)
            $0.text("id", data.tagID(at: number))
          }
        }
      }
    }
  }

  func users(_ call: Call) throws(Refusal) -> SandboxAnswer {
    guard let company = call.query["companyId"], !company.isEmpty else {
      throw .unprocessable(["companyId should not be empty", "companyId must be a string"])
    }
    guard company == data.companyID else {
      throw Refusal(403, "You do not have permission to access this resource", error: "Forbidden")
    }
    let size = try pageSize(try call.number("limit", default: 25, from: 1))
    let skip = call.faults.start(try call.number("skip", default: 0, from: 0), pageSize: size)
    let query = call.query["query"]?.lowercased() ?? ""
    let users = data.users.filter {
      query.isEmpty || ($0.firstName + " " + $0.lastName + " " + $0.email).lowercased().contains(query)
    }
    return SandboxAnswer {
      $0.array("users") { out in
        for user in users.dropFirst(skip).prefix(size) {
          out.object {
            $0.text("id", user.id)
            $0.text("name", user.firstName + " " + user.lastName)
            $0.text("firstName", user.firstName)
            $0.text("lastName", user.lastName)
            $0.text("email", user.email)
            $0.text("phone", user.phone)
            $0.text("extension", "")
            $0.object("permissions") {
              $0.bool("contactsEnabled", true)
              $0.bool("assignedDataOnly", false)
            }
            $0.object("roles") {
              $0.text("type", "account")
              $0.text("role", "user")
              $0.array("locationIds", of: [data.locationID])
            }
            $0.bool("deleted", false)
          }
        }
      }
      $0.number("count", call.faults.told(users.count))
    }
  }

  /// `POST /locations/{locationId}/tasks/search`: tasks in the order of their contacts. Without `contactId` and `businessId`,
  /// those of the whole location.
  func taskSearch(_ call: Call) throws(Refusal) -> SandboxAnswer {
    let search = try TaskSearch(try call.object())
    let size = try pageSize(search.limit)
    let start = call.faults.start(search.skip, pageSize: size)
    let data = data
    var contacts = MemberList.range(data.numbers)
    if let business = search.businessID {
      contacts = data.businessIndex(business).map(data.contacts(ofBusiness:)) ?? .range(0..<0)
    }
    let chosen = search.contactIDs.map { ids in
      ids.compactMap(data.contactIndex).filter { contacts.place(of: $0) != nil }
    }
    let isUnfiltered = search.completed == nil && search.assignedTo == nil && search.query == nil
    var found: [SyntheticTask] = []
    var skipped = 0
    func visit(_ index: Int) {
      let count = data.taskCount(of: index)
      // Whole contacts are passed over without making their tasks: a deep page of a large business stays cheap.
      if isUnfiltered, skipped + count <= start {
        skipped += count
        return
      }
      guard count > 0 else { return }
      for task in data.tasks(of: index) where found.count < size && search.accepts(task) {
        if skipped < start { skipped += 1 } else { found.append(task) }
      }
    }
    if let chosen {
      for index in chosen where found.count < size { visit(index) }
    } else {
      for index in contacts {
        if found.count >= size { break }
        visit(index)
      }
    }
    return SandboxAnswer {
      $0.array("tasks") { out in
        for place in Self.places(found.indices, call.faults) { ActivityWriter.task(found[place], to: &out) }
      }
    }
  }
}

/// The body of the task search (TaskSearchParamsDto), checked.
struct TaskSearch {
  var contactIDs: [String]?
  var businessID: String?
  var completed: Bool?
  var assignedTo: [String]?
  var query: String?
  var limit = 25
  var skip = 0

  init(_ body: JSONValue) throws(Refusal) {
    var wrong: [String] = []
    func texts(_ name: String, _ value: JSONValue) -> [String]? {
      guard let values = value.arrayValue, values.allSatisfy({ $0.stringValue != nil }) else {
        wrong.append("each value in \(name) must be a string")
        return nil
      }
      return values.compactMap(\.stringValue)
    }
    func number(_ name: String, _ value: JSONValue, from least: Int) -> Int? {
      guard let number = value.intValue, number >= least else {
        wrong.append("\(name) must be a number not less than \(least)")
        return nil
      }
      return min(number, Call.most)
    }
    for member in body.objectValue ?? [] {
      switch member.name {
      case "contactId": contactIDs = texts(member.name, member.value)
      case "assignedTo": assignedTo = texts(member.name, member.value)
      case "businessId": businessID = member.value.stringValue
      case "completed": completed = member.value.boolValue
      case "query": query = member.value.stringValue.flatMap { $0.isEmpty ? nil : $0.lowercased() }
      case "limit": limit = number("limit", member.value, from: 1) ?? limit
      case "skip": skip = number("skip", member.value, from: 0) ?? skip
      default: wrong.append("property \(member.name) should not exist")
      }
    }
    if let value = body["completed"], value.boolValue == nil { wrong.append("completed must be a boolean value") }
    if let value = body["businessId"], value.stringValue == nil { wrong.append("businessId must be a string") }
    guard wrong.isEmpty else { throw .unprocessable(wrong) }
  }

  func accepts(_ task: SyntheticTask) -> Bool {
    if let completed, task.completed != completed { return false }
    if let assignedTo, !(task.assignedTo.map(assignedTo.contains) ?? false) { return false }
    guard let query else { return true }
    return task.title.lowercased().contains(query) || task.body?.lowercased().contains(query) == true
  }
}
