/// Names of time zones that are not IANA's, and what to write in their place.
///
/// `EST`, `MST` and `HST` are refused even though the system has zone files with these names: there, `EST` is five hours behind UTC
/// all year, which is rarely what people mean. IANA names with daylight-saving rules, such as `CET` and `EST5EDT`, are accepted.
enum ForeignZone {
  /// What is wrong with an abbreviation or an offset, and the fix; nil for every other name.
  static func refusal(of name: String) -> (message: String, hint: String)? {
    let key = name.lowercased()
    if let zone = abbreviations[key] { return ("'\(name)' is an abbreviation, not a time zone", "write \(zone)") }
    if let offset = offset(key) {
      return ("'\(name)' is an offset from UTC, not a time zone", "write \(offset), or the zone of a city")
    }
    return nil
  }

  /// Standard and daylight saving time of the same zone.
  private static let abbreviations: [String: String] = [
    "pst": "America/Los_Angeles", "pdt": "America/Los_Angeles", "pt": "America/Los_Angeles",
    "mst": "America/Denver, or America/Phoenix",
    "mdt": "America/Denver", "mt": "America/Denver", "cst": "America/Chicago", "cdt": "America/Chicago", "ct": "America/Chicago",
    "est": "America/New_York", "edt": "America/New_York", "et": "America/New_York", "akst": "America/Anchorage",
    "akdt": "America/Anchorage", "hst": "Pacific/Honolulu", "ast": "America/Halifax", "adt": "America/Halifax",
    "nst": "America/St_Johns", "ndt": "America/St_Johns", "bst": "Europe/London", "west": "Europe/Lisbon",
    "cest": "Europe/Berlin", "mez": "Europe/Berlin", "mesz": "Europe/Berlin", "eest": "Europe/Helsinki", "msk": "Europe/Moscow",
    "trt": "Europe/Istanbul", "ist": "Asia/Kolkata",
    "jst": "Asia/Tokyo", "kst": "Asia/Seoul", "hkt": "Asia/Hong_Kong", "sgt": "Asia/Singapore", "gst": "Asia/Dubai",
    "pkt": "Asia/Karachi", "pht": "Asia/Manila", "wib": "Asia/Jakarta", "aest": "Australia/Sydney", "aedt": "Australia/Sydney",
    "acst": "Australia/Adelaide", "acdt": "Australia/Adelaide", "awst": "Australia/Perth", "nzst": "Pacific/Auckland",
    "nzdt": "Pacific/Auckland", "brt": "America/Sao_Paulo", "art": "America/Argentina/Buenos_Aires",
    "sast": "Africa/Johannesburg",
    "cat": "Africa/Maputo", "eat": "Africa/Nairobi", "wat": "Africa/Lagos", "z": "UTC", "utc0": "UTC",
  ]

  /// `UTC+2`, `GMT-05:00`, `+0530`: the zone of a whole number of hours, whose name in IANA's data has the opposite sign.
  private static func offset(_ key: String) -> String? {
    var rest = key[...]
    // `GMT+0` and `GMT-0` are names of IANA's data.
    if key == "gmt+0" || key == "gmt-0" { return nil }
    for prefix in ["utc", "gmt"] where rest.hasPrefix(prefix) { rest = rest.dropFirst(prefix.count) }
    rest = rest.drop { $0 == " " }
    guard let sign = rest.popFirst(), sign == "+" || sign == "-" || sign == "\u{2212}" else { return nil }
    let digits = rest.filter { $0 != ":" }
    guard (1...4).contains(digits.count), digits.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(digits) else {
      return nil
    }
    let (hours, minutes) = digits.count > 2 ? (number / 100, number % 100) : (number, 0)
    guard hours <= 14, minutes < 60 else { return nil }
    if minutes > 0 { return sign == "+" ? cities[hours * 100 + minutes] : nil }
    return hours == 0 ? "UTC" : "Etc/GMT\(sign == "+" ? "-" : "+")\(hours)"
  }

  /// Offsets that are not of whole hours have no zone of their own.
  private static let cities = [
    330: "Asia/Tehran", 430: "Asia/Kabul", 530: "Asia/Kolkata", 545: "Asia/Kathmandu", 630: "Asia/Yangon",
    930: "Australia/Darwin",
    1030: "Australia/Lord_Howe", 1245: "Pacific/Chatham",
  ]

  /// The zone of a name as Windows, Rails and people have it: `Pacific Time (US & Canada)`, `W. Europe Standard Time`, `Eastern`. Some
  /// of these names (`Japan`) are IANA's as well.
  static func zone(called name: String) -> String? {
    var text = name.lowercased()
    for ending in [" (us & canada)", " (us and canada)", " standard time", " daylight time", " summer time", " time"]
    where text.hasSuffix(ending) {
      text.removeLast(ending.count)
    }
    return names[text]
  }

  private static let names = [
    "pacific": "America/Los_Angeles", "mountain": "America/Denver", "us mountain": "America/Phoenix",
    "arizona": "America/Phoenix",
    "central": "America/Chicago", "eastern": "America/New_York", "us eastern": "America/Indiana/Indianapolis",
    "indiana (east)": "America/Indiana/Indianapolis", "atlantic": "America/Halifax", "atlantic time (canada)": "America/Halifax",
    "newfoundland": "America/St_Johns", "alaskan": "America/Anchorage", "alaska": "America/Anchorage",
    "hawaiian": "Pacific/Honolulu", "hawaii": "Pacific/Honolulu", "gmt": "Europe/London", "greenwich mean": "Europe/London",
    "british": "Europe/London", "central european": "Europe/Berlin", "central europe": "Europe/Budapest",
    "w. europe": "Europe/Berlin", "western european": "Europe/Lisbon", "romance": "Europe/Paris",
    "eastern european": "Europe/Helsinki",
    "e. europe": "Europe/Chisinau", "fle": "Europe/Kyiv", "gtb": "Europe/Bucharest", "russian": "Europe/Moscow",
    "turkey": "Europe/Istanbul", "israel": "Asia/Jerusalem", "arabian": "Asia/Dubai", "india": "Asia/Kolkata",
    "china": "Asia/Shanghai",
    "singapore": "Asia/Singapore", "tokyo": "Asia/Tokyo", "japan": "Asia/Tokyo", "korea": "Asia/Seoul", "seoul": "Asia/Seoul",
    "aus eastern": "Australia/Sydney", "e. australia": "Australia/Brisbane", "cen. australia": "Australia/Adelaide",
    "w. australia": "Australia/Perth", "new zealand": "Pacific/Auckland", "e. south america": "America/Sao_Paulo",
    "sa pacific": "America/Bogota", "central america": "America/Guatemala", "south africa": "Africa/Johannesburg",
  ]
}
