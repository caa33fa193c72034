import CPhoneTables

/// Digits of a number: values 0 to 9, one per byte, in memory of the workspace.
@safe struct PhoneDigits: BitwiseCopyable {
  var start: UnsafePointer<UInt8>
  var count: Int

  func dropFirst(_ dropped: Int) -> PhoneDigits { unsafe PhoneDigits(start: start + dropped, count: count - dropped) }

  /// Whether the digits, all of them, match the pattern that begins at `node` of the match graph.
  func matches(_ node: UInt16) -> Bool {
    let table = unsafe waybill_phone_match()
    var node = Int(node)
    var index = 0
    while index < count, node != 0 {
      node = unsafe Int(table[node &* 10 &+ Int(start[index])])
      index &+= 1
    }
    return node != 0 && node <= Int(WAYBILL_PHONE_ACCEPTING)
  }

  /// What the prefix pattern that begins at `node` matches at the start of the digits: the end of the match, and its outcome
  /// (1: no group wanted or matched, from 2: the group is span `outcome - 2`). Nil if it does not match.
  ///
  /// The last match seen is the one that a backtracking matcher would find: the graph drops what has less priority.
  func prefixMatch(_ node: UInt16) -> (end: Int, outcome: Int)? {
    let table = unsafe waybill_phone_prefix()
    let outcomes = unsafe waybill_phone_outcome()
    var node = Int(node)
    var end = 0
    var outcome = 0
    var index = 0
    while node != 0 {
      let here = unsafe Int(outcomes[node &* 2])
      if here != 0 {
        end = index
        outcome = here
      }
      if index == count {
        let last = unsafe Int(outcomes[node &* 2 &+ 1])
        if last != 0 {
          end = index
          outcome = last
        }
        break
      }
      node = unsafe Int(table[node &* 10 &+ Int(start[index])])
      index &+= 1
    }
    return outcome == 0 ? nil : (end, outcome)
  }

  /// The number of digits of `code` if the digits begin with it.
  func count(ofLeadingCode code: Int) -> Int? {
    let width = code >= 100 ? 3 : code >= 10 ? 2 : 1
    guard count >= width else { return nil }
    var value = 0
    for index in 0..<width { value = unsafe value * 10 + Int(start[index]) }
    return value == code ? width : nil
  }
}
