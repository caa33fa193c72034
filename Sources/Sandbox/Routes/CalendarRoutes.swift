/// Appointments as the calendar returns them: with offsets in their times.
extension LocationState {
  func calendarEvents(_ call: Call) throws(Refusal) -> SandboxAnswer {
    guard let start = call.query["startTime"].flatMap({ Int($0) }), let end = call.query["endTime"].flatMap({ Int($0) }) else {
      throw .unprocessable(["startTime must be a number string", "endTime must be a number string"])
    }
    let user = call.query["userId"]
    let calendar = call.query["calendarId"]
    let group = call.query["groupId"]
    guard user != nil || calendar != nil || group != nil else {
      throw .unprocessable(["Either of userId, groupId or calendarId is required"])
    }
    let data = data
    var events: [SyntheticAppointment] = []
    for index in 0..<data.contactCount {
      for event in data.appointments(of: index) {
        guard user == nil || event.assignedUserID == user, calendar == nil || event.calendarID == calendar,
          group == nil || event.groupID == group
        else { continue }
        let instant = event.localStart - SyntheticData.newYorkOffset(ofLocal: event.localStart) * 60_000
        if instant >= start, instant < end { events.append(event) }
      }
    }
    events.sort { ($0.localStart, $0.id) < ($1.localStart, $1.id) }
    return SandboxAnswer {
      $0.array("events") { out in for event in events { ActivityWriter.event(event, locationID: data.locationID, to: &out) } }
    }
  }

  func calendarEvent(_ call: Call) throws(Refusal) -> SandboxAnswer {
    let data = data
    guard let child = data.child(.appointment, call.values[0]) else {
      throw missing("Event with id \(call.values[0]) not found")
    }
    let event = data.appointment(child.ordinal, of: child.contact)
    return SandboxAnswer { out in
      out.name("event")
      ActivityWriter.event(event, locationID: data.locationID, to: &out)
    }
  }
}
