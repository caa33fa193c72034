import Core

/// The generation of the API's shapes: before v3 (the date versions and `legacy`), or v3 (`facts.md` 1.9).
package enum Generation: String, Sendable, CaseIterable {
  case dated
  case v3
}

/// The shapes in which the API returns a contact.
enum ContactWriter {
  /// The whole record, as `GET /contacts/{id}` wraps it in `contact`.
  static func full(_ contact: SyntheticContact, _ generation: Generation, to out: inout JSONOutput) {
    out.object {
      names(contact, &$0)
      $0.text("emailLowerCase", optional: contact.email?.lowercased())
      common(contact, &$0)
      $0.text("address1", optional: contact.address1, orNull: contact.writesNulls)
      $0.array("attachments") { _ in }
      additional(contact, &$0)
      doNotDisturb(contact, generation, &$0)
      inbound(contact, &$0)
      if let attribution = contact.attribution { write("attributionSource", attribution, &$0) }
      if let attribution = contact.lastAttribution { write("lastAttributionSource", attribution, &$0) }
    }
  }

  /// The answer of `POST /contacts/` before v3 (CreateContactSchema): other members than the record has when it is read, and
  /// the date of birth as a point in time (`facts.md` 1.4).
  static func created(_ contact: SyntheticContact, to out: inout JSONOutput) {
    out.object {
      $0.text("id", contact.id)
      $0.text("dateAdded", contact.dateAddedText)
      $0.text("dateUpdated", contact.dateUpdatedText)
      $0.bool("deleted", false)
      $0.array("tags", of: contact.tags)
      $0.text("type", optional: contact.type)
      customFields(contact.customFields, &$0)
      $0.text("locationId", contact.locationID)
      $0.text("firstName", optional: contact.firstName)
      $0.text("firstNameLowerCase", optional: contact.firstName?.lowercased())
      $0.text("fullNameLowerCase", optional: contact.name?.lowercased())
      $0.text("lastName", optional: contact.lastName)
      $0.text("lastNameLowerCase", optional: contact.lastName?.lowercased())
      $0.text("email", optional: contact.email)
      $0.text("emailLowerCase", optional: contact.email?.lowercased())
      $0.bool("bounceEmail", false)
      $0.bool("unsubscribeEmail", false)
      doNotDisturb(contact, .dated, &$0)
      $0.text("phone", optional: contact.phone)
      $0.text("address1", optional: contact.address1)
      $0.text("city", optional: contact.city)
      $0.text("state", optional: contact.state)
      $0.text("country", optional: contact.country)
      $0.text("postalCode", optional: contact.postalCode)
      $0.text("website", optional: contact.website)
      $0.text("source", optional: contact.source)
      $0.text("companyName", optional: contact.companyName)
      if let date = contact.dateOfBirth {
        let parts = date.split(separator: "-").compactMap { Int($0) }
        $0.text("dateOfBirth", date + "T00:00:00.000Z")
        if parts.count == 3 {
          $0.number("birthMonth", parts[1])
          $0.number("birthDay", parts[2])
        }
      }
      $0.text("lastSessionActivityAt", contact.dateAddedText)
      $0.array("offers") { _ in }
      $0.array("products") { _ in }
      $0.text("businessId", optional: contact.businessID)
      $0.text("assignedTo", optional: contact.assignedTo)
    }
  }

  /// The twelve members of the by-business list (ContactsSearchSchema). With `names`, the four that are not declared but may
  /// come with them (`facts.md` 1.2).
  static func slim(_ contact: SyntheticContact, names withNames: Bool, to out: inout JSONOutput) {
    out.object {
      $0.text("id", contact.id)
      $0.text("locationId", contact.locationID)
      if withNames {
        $0.text("name", optional: contact.name)
        $0.text("firstName", optional: contact.firstName)
        $0.text("lastName", optional: contact.lastName)
        $0.text("phone", optional: contact.phone)
      }
      $0.text("email", optional: contact.email)
      $0.text("timezone", optional: contact.timezone)
      $0.text("country", optional: contact.country)
      $0.text("source", optional: contact.source, orNull: contact.writesNulls)
      $0.text("dateAdded", contact.dateAddedText)
      customFields(contact.customFields, &$0)
      $0.array("tags", of: contact.tags)
      $0.text("businessId", optional: contact.businessID, orNull: contact.writesNulls)
      attributions(contact, &$0)
      $0.array("followers", of: contact.followers)
    }
  }

  /// A record of the deprecated list: `firstNameRaw`, `lastNameRaw` and `contactName` beside lower-case names.
  static func listed(_ contact: SyntheticContact, to out: inout JSONOutput) {
    out.object {
      $0.text("id", contact.id)
      $0.text("locationId", contact.locationID)
      $0.text("contactName", optional: contact.name?.lowercased())
      $0.text("firstName", optional: contact.firstName?.lowercased())
      $0.text("lastName", optional: contact.lastName?.lowercased())
      $0.text("firstNameRaw", optional: contact.firstName)
      $0.text("lastNameRaw", optional: contact.lastName)
      $0.text("companyName", optional: contact.companyName, orNull: contact.writesNulls)
      $0.text("email", optional: contact.email)
      $0.text("phone", optional: contact.phone)
      $0.bool("dnd", contact.doNotDisturb)
      $0.text("type", optional: contact.type)
      $0.text("source", optional: contact.source, orNull: contact.writesNulls)
      $0.text("assignedTo", optional: contact.assignedTo)
      $0.text("address1", optional: contact.address1)
      $0.text("city", optional: contact.city)
      $0.text("state", optional: contact.state)
      $0.text("postalCode", optional: contact.postalCode)
      $0.text("country", optional: contact.country)
      $0.text("website", optional: contact.website)
      $0.text("timezone", optional: contact.timezone)
      $0.text("dateOfBirth", optional: contact.dateOfBirth)
      $0.text("dateAdded", contact.dateAddedText)
      $0.text("dateUpdated", contact.dateUpdatedText)
      customFields(contact.customFields, &$0)
      $0.array("tags", of: contact.tags)
      $0.text("businessId", optional: contact.businessID)
      attributions(contact, &$0)
      $0.array("followers", of: contact.followers)
    }
  }

  /// A record of the search: no names but the lower-case ones, `address` instead of `address1`, no attribution, no
  /// `dndSettings`, and its own cursor (`facts.md` 1.3).
  static func found(
    _ contact: SyntheticContact, businessName: String?, cursor: [SearchCursorPart], saysBusiness: Bool = true,
    to out: inout JSONOutput
  ) {
    out.object {
      $0.text("id", contact.id)
      $0.text("locationId", contact.locationID)
      $0.text("firstNameLowerCase", optional: contact.firstName?.lowercased())
      $0.text("lastNameLowerCase", optional: contact.lastName?.lowercased())
      $0.text("email", optional: contact.email)
      $0.text("phone", optional: contact.phone)
      $0.token("phoneLabel", "null")
      $0.token("validEmail", "null")
      $0.array("additionalEmails", of: contact.additionalEmails)
      $0.array("additionalPhones", of: contact.additionalPhones)
      $0.text("companyName", optional: contact.companyName, orNull: contact.writesNulls)
      if saysBusiness {
        $0.text("businessName", optional: businessName)
        $0.text("businessId", optional: contact.businessID)
      }
      $0.bool("dnd", contact.doNotDisturb)
      $0.text("type", optional: contact.type)
      $0.text("source", optional: contact.source, orNull: contact.writesNulls)
      $0.text("assignedTo", optional: contact.assignedTo)
      $0.array("followers", of: contact.followers)
      $0.text("address", optional: contact.address1)
      $0.text("city", optional: contact.city)
      $0.text("state", optional: contact.state)
      $0.text("postalCode", optional: contact.postalCode)
      $0.text("country", optional: contact.country)
      $0.text("website", optional: contact.website)
      $0.text("timezone", optional: contact.timezone)
      $0.text("dateOfBirth", optional: contact.dateOfBirth)
      $0.text("dateAdded", contact.dateAddedText)
      $0.text("dateUpdated", contact.dateUpdatedText)
      customFields(contact.customFields, &$0)
      $0.array("tags", of: contact.tags)
      $0.array("searchAfter") { out in for part in cursor { part.write(to: &out) } }
    }
  }

  // MARK: Parts

  private static func names(_ contact: SyntheticContact, _ out: inout JSONOutput) {
    let nulls = contact.writesNulls
    out.text("id", contact.id)
    out.text("name", optional: contact.name, orNull: nulls)
    out.text("locationId", contact.locationID)
    out.text("firstName", optional: contact.firstName, orNull: nulls)
    out.text("lastName", optional: contact.lastName, orNull: nulls)
    out.text("firstNameLowerCase", optional: contact.firstName?.lowercased())
    out.text("lastNameLowerCase", optional: contact.lastName?.lowercased())
    out.text("fullNameLowerCase", optional: contact.name?.lowercased())
    out.text("email", optional: contact.email, orNull: nulls)
  }

  private static func common(_ contact: SyntheticContact, _ out: inout JSONOutput) {
    let nulls = contact.writesNulls
    out.text("phone", optional: contact.phone, orNull: nulls)
    out.text("companyName", optional: contact.companyName, orNull: nulls)
    out.text("timezone", optional: contact.timezone, orNull: nulls)
    out.text("type", optional: contact.type)
    out.text("source", optional: contact.source, orNull: nulls)
    out.text("assignedTo", optional: contact.assignedTo, orNull: nulls)
    out.text("city", optional: contact.city, orNull: nulls)
    out.text("state", optional: contact.state, orNull: nulls)
    out.text("country", optional: contact.country, orNull: nulls)
    out.text("postalCode", optional: contact.postalCode, orNull: nulls)
    out.text("website", optional: contact.website, orNull: nulls)
    out.text("gender", optional: contact.gender)
    out.text("keyword", optional: contact.keyword)
    out.text("ssn", optional: contact.ssn)
    out.text("visitorId", optional: contact.visitorID)
    out.array("tags", of: contact.tags)
    out.text("dateOfBirth", optional: contact.dateOfBirth, orNull: nulls)
    out.text("dateAdded", contact.dateAddedText)
    out.text("dateUpdated", contact.dateUpdatedText)
    if let active = contact.lastActivity {
      if contact.isLastActivityNumeric {
        out.number("lastActivity", active)
      } else {
        out.text("lastActivity", Instant.iso(active))
      }
    }
    customFields(contact.customFields, &out)
    out.text("businessId", optional: contact.businessID, orNull: nulls)
  }

  private static func additional(_ contact: SyntheticContact, _ out: inout JSONOutput) {
    out.array("additionalEmails") { out in
      for email in contact.additionalEmails { out.object { $0.text("email", email) } }
    }
    out.array("additionalPhones") { out in
      for phone in contact.additionalPhones { out.object { $0.text("phone", phone) } }
    }
  }

  private static func doNotDisturb(_ contact: SyntheticContact, _ generation: Generation, _ out: inout JSONOutput) {
    out.bool("dnd", contact.doNotDisturb)
    guard !contact.channels.isEmpty else { return }
    out.object("dndSettings") { out in
      for channel in contact.channels {
        let name = ChannelNames.name(channel.name, generation)
        out.object(name) {
          $0.text("status", channel.status)
          $0.text("message", optional: channel.message)
          $0.text("code", optional: channel.code)
        }
      }
    }
  }

  private static func inbound(_ contact: SyntheticContact, _ out: inout JSONOutput) {
    guard let channel = contact.inboundChannel else { return }
    out.object("inboundDndSettings") {
      $0.object("all") {
        $0.text("status", channel.status)
        $0.text("message", optional: channel.message)
      }
    }
  }

  private static func attributions(_ contact: SyntheticContact, _ out: inout JSONOutput) {
    out.array("attributions") { out in
      for attribution in [contact.attribution, contact.lastAttribution] {
        if let attribution { write(nil, attribution, &out) }
      }
    }
  }

  private static func write(_ name: String?, _ attribution: SyntheticContact.Attribution, _ out: inout JSONOutput) {
    out.object(name) { out in
      for member in attribution.members { out.text(member.name, optional: member.value, orNull: true) }
    }
  }

  private static func customFields(_ fields: [SyntheticContact.CustomField], _ out: inout JSONOutput) {
    out.array("customFields") { out in
      for field in fields {
        out.object {
          $0.text("id", field.id)
          write(field.value, &$0)
        }
      }
    }
  }

  private static func write(_ value: SyntheticValue, _ out: inout JSONOutput) {
    switch value {
    case .text(let text): out.text("value", text)
    case .number(let digits): out.token("value", digits)
    case .list(let texts): out.array("value", of: texts)
    case .json(let value): out.token("value", value.text)
    case .file(let file):
      out.object("value") {
        $0.object(file.uuid) {
          $0.object("meta") {
            $0.text("fieldname", file.fieldID)
            $0.text("originalname", file.name)
            $0.text("encoding", "7bit")
            $0.text("mimetype", file.mediaType)
            $0.number("size", file.size)
            $0.text("uuid", file.uuid)
          }
          $0.text("url", file.url)
          $0.text("documentId", file.documentID)
        }
      }
    }
  }
}

/// One element of a `searchAfter` array.
enum SearchCursorPart: Sendable, Hashable {
  case number(Int)
  case text(String)
  case null

  func write(to out: inout JSONOutput) {
    switch self {
    case .number(let value): out.number(nil, value)
    case .text(let value): out.text(nil, value)
    case .null: out.token(nil, "null")
    }
  }
}

extension SyntheticData {
  /// Appends the whole JSON object of a contact, as `GET /contacts/{id}` has it under `contact`, without a line break.
  package func writeContact(at index: Int, generation: Generation = .dated, into bytes: inout [UInt8]) {
    var out = JSONOutput()
    ContactWriter.full(contact(at: index), generation, to: &out)
    bytes.append(contentsOf: out.bytes)
  }

  package func contactJSON(at index: Int, generation: Generation = .dated) -> [UInt8] {
    var bytes: [UInt8] = []
    writeContact(at: index, generation: generation, into: &bytes)
    return bytes
  }
}
