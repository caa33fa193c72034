extension SyntheticData {
  private static let sources = [
    "public api", "Facebook Lead Form", "website", "referral", "csv import", "chat widget", "Google Ads – brand", "calendar",
  ]
  private static let types = ["lead", "lead", "lead", "lead", "customer", "customer", "vendor", "partner"]
  private static let unknownTypes = ["Prospect", "???", "read", "LEAD "]
  private static let companies = [
    "Acme, Inc.", "DGS VolMAX", "Müller & Söhne GmbH", "The \"Blue\" Door", "O'Reilly's Garage", "株式会社さくら",
    "Ελληνικά Τρόφιμα ΑΕ",
    "Northwind Traders", "Smith; Sons", "Café Étoile", "ТОВ «Світанок»", "Back\\Slash Studio",
  ]
  private static let unknownCountries = ["Germany", "UK", "XX", "", "united states"]
  private static let genders = ["male", "female", "other"]

  /// The contact with a number as the seed makes it, with the edits of `SandboxEdits`; nothing is kept.
  func syntheticContact(at index: Int) -> SyntheticContact {
    let plain = plainName(at: index)
    var draw = draw(.profile, index)
    var defects = self.draw(.defect, index)
    let added = dateAdded(at: index)
    var contact = SyntheticContact(
      index: index, id: contactID(at: index), locationID: locationID, businessID: business(ofContact: index).map(businessID),
      sortName: plain.sortName, dateAdded: added, dateUpdated: added + draw.below(120) * draw.below(Instant.day))
    addNames(to: &contact, plain: plain, defects: &defects)
    contact.email = contact.firstName == "" ? "" : email(at: index)
    contact.phone = phone(at: index)
    contact.type = defects.chance(Defects.unknownType) ? defects.pick(Self.unknownTypes) : draw.pick(Self.types)
    contact.source = draw.chance(850) ? draw.pick(Self.sources) : nil
    contact.assignedTo = draw.chance(700) ? userID(at: draw.below(Self.userCount)) : nil
    contact.gender = draw.chance(200) ? draw.pick(Self.genders) : nil
    contact.keyword = draw.chance(30) ? "spring offer" : nil
    contact.ssn = draw.chance(10) ? "000-" + draw.digits(2) + "-" + draw.digits(4) : nil
    contact.visitorID = draw.chance(300) ? identifiers.text(.visitor, UInt64(index)) : nil
    contact.website = draw.chance(250) ? "https://www.example.com/" + String(index, radix: 36) : nil
    if draw.chance(450) { contact.companyName = draw.pick(Self.companies) }
    if defects.chance(Defects.controlCharacters) { contact.companyName = "Tab\there\u{7} and\nthere\u{1F}" }
    if defects.chance(Defects.formulaText) { contact.companyName = "=1+1" }
    if let email = contact.email, draw.chance(60) { contact.additionalEmails = [Self.secondEmail(of: email)] }
    if draw.chance(30) { contact.additionalPhones = ["+1415555" + draw.digits(4)] }
    contact.tags = tags(of: &draw)
    if draw.chance(100) { contact.followers = [userID(at: draw.below(Self.userCount))] }
    contact.dateOfBirth = dateOfBirth(&draw, &defects)
    contact.lastActivity = draw.chance(800) ? contact.dateUpdated + draw.below(Instant.day) : nil
    contact.isLastActivityNumeric = defects.chance(Defects.numericLastActivity)
    contact.writesNulls = defects.chance(Defects.explicitNulls)
    addAddress(to: &contact, defects: &defects)
    addChannels(to: &contact, &draw)
    contact.customFields = customFields(of: index)
    addAttribution(to: &contact)
    applyEdits(to: &contact)
    return contact
  }

  private func addAddress(to contact: inout SyntheticContact, defects: inout Draw) {
    var draw = draw(.address, contact.index, part: 1)
    let code = countryCode(at: contact.index)
    contact.country = draw.chance(950) ? code : nil
    if defects.chance(Defects.unknownCountry) { contact.country = defects.pick(Self.unknownCountries) }
    guard let country = CountryTable.all[code], draw.chance(850) else { return }
    let city = draw.pick(country.cities)
    contact.city = city.name
    contact.state = city.state
    contact.postalCode = CountryTable.fill(city.postalCode, &draw)
    contact.timezone = draw.chance(900) ? city.timezone : nil
    contact.address1 = draw.chance(900) ? CountryTable.fill(draw.pick(country.streets), &draw) : nil
  }

  private func addChannels(to contact: inout SyntheticContact, _ draw: inout Draw) {
    contact.doNotDisturb = draw.chance(80)
    let statuses = contact.doNotDisturb ? ["active", "active", "permanent"] : ["inactive", "inactive", "inactive", "active"]
    for name in ["Call", "Email", "SMS", "WhatsApp", "GMB", "FB"] where draw.chance(600) {
      let status = draw.pick(statuses)
      let explained = status != "inactive"
      contact.channels.append(
        .init(
          name: name, status: status, message: explained ? "Updated by 'public api' at " + Instant.iso(contact.dateUpdated) : nil,
          code: explained ? "101" : nil))
    }
    if draw.chance(20) { contact.channels.append(.init(name: "RCS", status: "inactive")) }
  }

  private func dateOfBirth(_ draw: inout Draw, _ defects: inout Draw) -> String? {
    guard draw.chance(400) else { return nil }
    if defects.chance(Defects.invalidDate) { return defects.pick(["2021-02-30", "1990-13-01", "0000-00-00"]) }
    let text = Instant.date(Instant.milliseconds(year: 1940, month: 1, day: 1) + draw.below(24_000) * Instant.day)
    guard defects.chance(Defects.foreignDate) else { return text }
    let parts = text.split(separator: "-")
    return parts[1] + "/" + parts[2] + "/" + parts[0]
  }

  private func addAttribution(to contact: inout SyntheticContact) {
    var draw = draw(.attribution, contact.index)
    guard draw.chance(480) else { return }
    contact.attribution = attribution(of: &draw)
    if draw.chance(400) { contact.lastAttribution = attribution(of: &draw) }
  }

  /// Half of them as the documents have it; the other half as it was seen live, with `sessionSource` and without `url`
  /// (`facts.md` 1.1).
  private func attribution(of draw: inout Draw) -> SyntheticContact.Attribution {
    let agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"
    let ip = "203.0.113." + String(draw.below(256))
    if draw.chance(500) {
      return .init(members: [
        ("sessionSource", draw.pick(["Direct traffic", "CRM UI", "Paid Social"])), ("medium", "form"),
        ("mediumId", identifiers.text(.document, draw.next() >> 32)), ("userAgent", agent), ("ip", ip),
      ])
    }
    return .init(members: [
      ("url", "https://www.example.com/offer?utm_source=newsletter&n=" + draw.digits(3)), ("campaign", "spring – 2025"),
      ("utmSource", "newsletter"), ("utmMedium", draw.pick(["email", "cpc"])), ("utmContent", nil), ("referrer", nil),
      ("campaignId", draw.digits(12)), ("fbclid", nil), ("gclid", draw.chance(300) ? "EAIaIQ" + draw.hexadecimal(16) : nil),
      ("msclikid", nil), ("dclid", nil), ("fbc", nil), ("fbp", "fb.1." + draw.digits(13)), ("fbEventId", nil),
      ("userAgent", agent), ("ip", ip), ("medium", "survey"), ("mediumId", identifiers.text(.document, draw.next() >> 32)),
    ])
  }
}
