extension SyntheticData {
  /// First and last name of a contact before defects.
  struct PlainName {
    var first: NameTable.Name
    var last: NameTable.Name
    var culture: NameTable.Culture

    /// The order of the by-business list.
    var sortName: String { first.lowercase + " " + last.lowercase }
  }

  /// The name at a place in the order of a range of contacts.
  ///
  /// The place within the range, with a random fraction, is stretched over the sorted first names; the rest within one
  /// first name is stretched over the sorted last names. Both grow with the place, so the names do.
  func plainName(at index: Int) -> PlainName {
    let range = members(ofGroup: group(ofContact: index))
    var draw = draw(.name, index)
    let table = NameTable.shared
    let place = (index - range.lowerBound) << 16 | draw.below(1 << 16)
    let whole = range.count << 16
    let stretched = place * table.firstNames.count
    let (first, cultureNumber) = table.firstNames[stretched / whole]
    let culture = table.cultures[cultureNumber]
    let last = culture.lastNames[stretched % whole * culture.lastNames.count / whole]
    return PlainName(first: first, last: last, culture: culture)
  }

  private static let formulas = ["=1+1", "@SUM(A1:A9)", "+1", "-1", "=cmd|' /C calc'!A0", "=HYPERLINK(\"http://x\",\"y\")"]
  private static let emoji = ["🌟", "👩‍💻", "🇺🇦", "🎉", "❤️"]

  /// Names as the record shows them, with the defects of `Defects`.
  func addNames(to contact: inout SyntheticContact, plain: PlainName, defects: inout Draw) {
    var first = plain.first.text
    var last = plain.last.text
    if defects.chance(Defects.missingName) { return }
    if defects.chance(Defects.blankTexts) {
      contact.firstName = ""
      contact.lastName = "  "
      contact.name = ""
      return
    }
    if defects.chance(Defects.formulaText) { first = defects.pick(Self.formulas) }
    if defects.chance(Defects.emojiName) { first += " " + defects.pick(Self.emoji) }
    if defects.chance(Defects.shoutedName) {
      let capitals = defects.chance(500)
      first = capitals ? first.uppercased() : first.lowercased()
      last = capitals ? last.uppercased() : last.lowercased()
    }
    contact.name = first + " " + last
    if defects.chance(Defects.paddedName) {
      first = defects.chance(500) ? " " + first : first + "  "
      last += "\u{A0}"
    }
    contact.firstName = first
    contact.lastName = last
  }

  private static let mailHosts = ["example.com", "example.org", "example.net", "mail.example.co.uk", "post.example.de"]

  func syntheticEmail(at index: Int) -> String? {
    var draw = draw(.email, index)
    if draw.chance(80) { return nil }
    let range = members(ofGroup: group(ofContact: index))
    if draw.chance(Defects.duplicateEmail), index > range.lowerBound {
      return address(of: range.lowerBound + draw.below(index - range.lowerBound))
    }
    let address = address(of: index)
    guard draw.chance(Defects.brokenEmail) else { return address }
    return switch draw.below(6) {
    case 0: address.replacing("@", with: "")
    case 1: address.replacing("@", with: "@@")
    case 2: address.replacing("@", with: " @ ")
    case 3: String(address.prefix { $0 != "@" }) + "@"
    case 4: "n/a"
    default: address.replacing(".", with: ",")
    }
  }

  private func address(of index: Int) -> String {
    let plain = plainName(at: index)
    var draw = draw(.email, index, part: 1)
    var local = plain.first.ascii + "." + plain.last.ascii
    if plain.first.ascii.isEmpty || plain.last.ascii.isEmpty { local = "contact" }
    if draw.chance(100) { local = local.prefix(1).uppercased() + local.dropFirst() }
    if draw.chance(40) { local += "+news" }
    return local + String(index, radix: 36) + "@" + draw.pick(Self.mailHosts)
  }

  func syntheticPhone(at index: Int) -> String? {
    let country = CountryTable.all[countryCode(at: index)] ?? CountryTable.all[Self.country]
    var draw = draw(.phone, index)
    guard let country, !draw.chance(70) else { return nil }
    let digits = CountryTable.fill(country.mobile, &draw)
    if draw.chance(Defects.impossiblePhone) {
      return draw.pick(["+", "12345", "+1000000000000000000", "call me", "0000000000", "+" + country.callingCode])
    }
    if draw.chance(Defects.nationalPhone) { return CountryTable.arrange(digits, as: country.national) }
    return "+" + country.callingCode + digits
  }

  /// ISO 3166 alpha-2 code of the country where a contact lives.
  package func countryCode(at index: Int) -> String {
    var draw = draw(.address, index)
    return draw.pick(plainName(at: index).culture.countries)
  }
}
