"""Writes the contacts of an NDJSON file as a CSV table of 20 columns, again and again with new ids until there are enough rows.

Called by scripts/bench: bench-table.py CONTACTS.ndjson ROWS TABLE.csv"""
import csv
import json
import os
import sys

source, rows, target = sys.argv[1], int(sys.argv[2]), sys.argv[3]
COLUMNS = ["id", "firstName", "lastName", "email", "phone", "type", "assignedTo", "companyName", "address1", "city", "state", "postalCode",
           "country", "timezone", "source", "website", "dnd", "businessId", "dateAdded", "dateUpdated"]


def cell(contact, column):
    value = contact.get(column)
    if isinstance(value, bool):
        return "true" if value else "false"
    # A cell that begins with a plus sign looks like a formula: the copy would escape it, and say so.
    return "" if value is None else str(value).lstrip("+")


with open(source, encoding="utf-8") as lines:
    table = [[cell(contact, column) for column in COLUMNS] for contact in map(json.loads, lines)]
with open(target + ".part", "w", encoding="utf-8", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for number in range(rows):
        row = table[number % len(table)]
        writer.writerow([f"{row[0]}{number // len(table)}", *row[1:]])
os.rename(target + ".part", target)
