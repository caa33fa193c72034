/// Tasks, notes and appointments in the shapes of the API.
enum ActivityWriter {
  static func task(_ task: SyntheticTask, to out: inout JSONOutput) {
    out.object {
      $0.text("id", task.id)
      $0.text("title", task.title)
      $0.text("body", optional: task.body)
      $0.text("assignedTo", optional: task.assignedTo)
      $0.text("dueDate", task.dueText)
      $0.bool("completed", task.completed)
      $0.text("contactId", task.contactID)
    }
  }

  static func note(_ note: SyntheticNote, to out: inout JSONOutput) {
    out.object {
      $0.text("id", note.id)
      $0.text("body", note.body)
      $0.text("userId", optional: note.userID)
      $0.text("dateAdded", note.dateAddedText)
      $0.text("contactId", note.contactID)
      $0.text("title", optional: note.title)
      $0.text("color", optional: note.color)
      $0.bool("pinned", note.pinned)
    }
  }

  /// Under a contact: naive times.
  static func appointment(_ appointment: SyntheticAppointment, locationID: String, to out: inout JSONOutput) {
    out.object {
      $0.text("id", appointment.id)
      $0.text("calendarId", appointment.calendarID)
      $0.text("status", appointment.status)
      $0.text("title", appointment.title)
      $0.text("assignedUserId", appointment.assignedUserID)
      $0.text("notes", optional: appointment.notes)
      $0.text("startTime", appointment.startText)
      $0.text("endTime", appointment.endText)
      $0.text("address", optional: appointment.address)
      $0.text("locationId", locationID)
      $0.text("contactId", appointment.contactID)
      $0.text("groupId", appointment.groupID)
      $0.text("appointmentStatus", appointment.status)
      $0.array("users", of: [appointment.assignedUserID])
      $0.text("dateAdded", appointment.dateAddedText)
      $0.text("dateUpdated", appointment.dateAddedText)
      $0.array("assignedResources") { _ in }
    }
  }

  /// From the calendar: times with their offset.
  static func event(_ appointment: SyntheticAppointment, locationID: String, to out: inout JSONOutput) {
    func zoned(_ local: Int) -> String { Instant.offset(local, minutes: SyntheticData.newYorkOffset(ofLocal: local)) }
    out.object {
      $0.text("id", appointment.id)
      $0.text("address", optional: appointment.address)
      $0.text("title", appointment.title)
      $0.text("calendarId", appointment.calendarID)
      $0.text("locationId", locationID)
      $0.text("contactId", appointment.contactID)
      $0.text("groupId", appointment.groupID)
      $0.text("appointmentStatus", appointment.status)
      $0.text("assignedUserId", appointment.assignedUserID)
      $0.array("users", of: [appointment.assignedUserID])
      $0.text("notes", optional: appointment.notes)
      $0.bool("isRecurring", false)
      $0.text("startTime", zoned(appointment.localStart))
      $0.text("endTime", zoned(appointment.localEnd))
      $0.text("dateAdded", zoned(appointment.localAdded))
      $0.text("dateUpdated", zoned(appointment.localAdded))
      $0.array("assignedResources") { _ in }
      $0.object("createdBy") {
        $0.text("userId", appointment.assignedUserID)
        $0.text("source", "calendar_page")
      }
    }
  }
}
