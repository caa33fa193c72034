import Core
import Report

/// Businesses that lost records, and problems that have become more frequent.
extension PageFindings {
  var fallenBusinesses: [Finding] {
    guard isWhole else { return [] }
    let rows = page.sourceCounts.businesses.rows.filter { $0.run == run.id }
    return rows.flatMap { row -> [Finding] in
      let name = row.business.map { "business '\($0)'" } ?? "records without a business"
      var found: [Finding] = []
      if let before = row.before, let change = row.change, let percent = row.changePercent, before >= Self.fewest,
        percent <= -5
      {
        found.append(
          finding(
            .serious, "business-fell", mapping: row.mapping, business: row.business,
            "\(row.mapping): \(PageText.count(row.read ?? 0, "record")) of \(name) were read; in the last run, it was "
              + "\(PageText.count(before)) (\(PageText.count(change)), \(PageText.percent(percent))%).",
            advice: "Ask the owner of the business whether the records were removed on purpose. If not, extract again.",
            section: "source_counts"))
      }
      if !run.isDryRun, let read = row.read, let lost = row.lost, read >= Self.fewest, lost >= 3,
        let share = PageText.share(lost, of: read), share >= 5, share >= 2 * overallLoss(row.mapping, row.destination)
      {
        found.append(
          finding(
            share >= 10 ? .serious : .notable, "business-lost-records", mapping: row.mapping, business: row.business,
            "\(row.mapping): \(PageText.count(lost)) of \(PageText.count(read, "record")) of \(name) did not arrive at "
              + "'\(row.destination)' (\(PageText.percent(share))%), against "
              + "\(PageText.percent(overallLoss(row.mapping, row.destination)))% of all records.",
            advice: "To see what is wrong with its records: `waybill ledger \(run.id) --mapping \(row.mapping)`.",
            section: "source_counts"))
      }
      return found
    }
  }

  private func overallLoss(_ mapping: String, _ destination: String) -> Double {
    let row = page.identity.rows.first {
      $0.run == run.id && $0.mapping.isExactly(mapping) && $0.destination.isExactly(destination)
    }
    guard let row else { return 0 }
    return PageText.share(row.count(.rejected) + row.count(.failed) + row.count(.pending), of: row.read) ?? 0
  }

  var risenCodes: [Finding] {
    guard isWhole, let previous = run.previous?.figures else { return [] }
    return (run.figures.mappings ?? []).flatMap { mapping -> [Finding] in
      guard let last = previous.mappings?.first(where: { $0.name == mapping.name }), last.read > 0 else { return [] }
      return mapping.codes.sorted { $0.key < $1.key }.compactMap { code, count in
        let before = last.codes[code] ?? 0
        guard count >= Self.fewest, let share = PageText.share(count, of: mapping.read),
          let earlier = PageText.share(before, of: last.read), share - earlier >= 5
        else { return nil }
        return finding(
          share - earlier >= 20 ? .serious : .notable, "codes-rose", mapping: mapping.name.text,
          "\(mapping.name.text): \(code.text) occurs \(PageText.count(count, "time")) in "
            + "\(PageText.count(mapping.read, "record")); in the last run, it was \(PageText.count(before)) in "
            + "\(PageText.count(last.read)).",
          advice: "Find out what changed in the source or the mapping since run \(previous.run).", section: "last_run")
      }
    }
  }
}
