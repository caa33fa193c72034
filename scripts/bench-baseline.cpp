// The job of fixtures/bench/contacts20.yaml written by hand in C++ over simdjson: what scripts/bench holds `waybill transform` against.
// It knows its twenty columns at compile time and skips what nobody reads without validating it. Phone numbers and e-mail
// addresses get a simple check of characters and lengths, where Waybill asks libphonenumber's tables and RFC 5321.
//
//   bench-baseline INPUT OUTPUT
#include <fcntl.h>
#include <simdjson.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

using simdjson::ondemand::json_type;
using std::string_view;

namespace {

enum Column {
  id, firstName, lastName, email, phone, type, assignedTo, companyName, address1, city, state, postalCode, country, zone, source, website,
  businessId, dateAdded, dateUpdated, columnCount
};
constexpr string_view names[columnCount] = {"id", "firstName", "lastName", "email", "phone", "type", "assignedTo", "companyName", "address1", "city",
  "state", "postalCode", "country", "timezone", "source", "website", "businessId", "dateAdded", "dateUpdated"};
constexpr size_t limits[columnCount] = {40, 100, 100, 254, 64, 40, 40, 200, 200, 100, 100, 20, 40, 60, 100, 300, 40, 40, 40};

int column(string_view key) {
  switch (key.size()) {
  case 2: return key == names[id] ? id : -1;
  case 4: return key == names[type] ? type : key == names[city] ? city : -1;
  case 5: return key == names[email] ? email : key == names[phone] ? phone : key == names[state] ? state : -1;
  case 6: return key == names[source] ? source : -1;
  case 7: return key == names[country] ? country : key == names[website] ? website : -1;
  case 8: return key == names[lastName] ? lastName : key == names[address1] ? address1 : key == names[zone] ? zone : -1;
  case 9: return key == names[firstName] ? firstName : key == names[dateAdded] ? dateAdded : -1;
  case 10: return key == names[assignedTo] ? assignedTo : key == names[postalCode] ? postalCode : key == names[businessId] ? businessId : -1;
  case 11: return key == names[companyName] ? companyName : key == names[dateUpdated] ? dateUpdated : -1;
  default: return -1;
  }
}

string_view trim(string_view text) {
  size_t start = 0, end = text.size();
  while (start < end && (unsigned char)text[start] <= ' ') start++;
  while (end > start && (unsigned char)text[end - 1] <= ' ') end--;
  return text.substr(start, end - start);
}

// ASCII only; what is beyond is copied as it is.
struct Scratch {
  char bytes[1 << 16];
  size_t used = 0;
  string_view map(string_view text, char first, char last) {
    if (used + text.size() > sizeof bytes) return text;
    char *out = bytes + used;
    for (size_t index = 0; index < text.size(); index++) {
      char letter = text[index];
      out[index] = letter >= first && letter <= last ? letter ^ 0x20 : letter;
    }
    used += text.size();
    return {out, text.size()};
  }
  string_view lower(string_view text) { return map(text, 'A', 'Z'); }
  string_view upper(string_view text) { return map(text, 'a', 'z'); }
};

bool isEmail(string_view text) {
  size_t at = text.find('@');
  if (at == string_view::npos || at == 0 || at > 64 || text.size() > 254 || text.find('@', at + 1) != string_view::npos) return false;
  if (text.find('.', at) == string_view::npos || text.back() == '.') return false;
  for (char letter : text) if ((unsigned char)letter <= ' ' || letter == ',' || letter == '"') return false;
  return true;
}

bool digits(string_view text, size_t at, size_t count) {
  for (size_t index = at; index < at + count; index++) if (text[index] < '0' || text[index] > '9') return false;
  return true;
}

bool isDateTime(string_view text) {
  return text.size() >= 20 && digits(text, 0, 4) && text[4] == '-' && digits(text, 5, 2) && text[7] == '-' && digits(text, 8, 2) && text[10] == 'T'
    && digits(text, 11, 2) && text[13] == ':' && digits(text, 14, 2) && text[16] == ':' && digits(text, 17, 2) && text.back() == 'Z';
}

struct Writer {
  std::string out;
  void cell(string_view text) {
    if (text.find_first_of(",\"\n\r") == string_view::npos) { out.append(text); return; }
    out.push_back('"');
    for (char letter : text) {
      if (letter == '"') out.push_back('"');
      out.push_back(letter);
    }
    out.push_back('"');
  }
  void next() { out.push_back(','); }
};

size_t characters(string_view text) {
  size_t count = 0;
  for (char byte : text) count += (byte & 0xC0) != 0x80;
  return count;
}

// The file, without a copy, and readable for simdjson's padding behind its end; empty if it cannot be had.
string_view map(const char *path) {
  int file = open(path, O_RDONLY);
  struct stat facts;
  if (file < 0 || fstat(file, &facts) != 0 || facts.st_size == 0) return {};
  size_t size = size_t(facts.st_size);
  void *base = mmap(nullptr, size + simdjson::SIMDJSON_PADDING + 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (base == MAP_FAILED || mmap(base, size, PROT_READ, MAP_PRIVATE | MAP_FIXED | MAP_POPULATE, file, 0) == MAP_FAILED) return {};
  close(file);
  return {static_cast<const char *>(base), size};
}

}  // namespace

int main(int argumentCount, char **arguments) {
  if (argumentCount != 3) return 64;
  string_view input = map(arguments[1]);
  if (input.empty()) return 66;
  FILE *output = fopen(arguments[2], "wb");
  if (!output) return 73;
  Writer writer;
  writer.out.reserve(2 << 20);
  writer.out = "contactId,name,email,phone,status,owner,company,street,city,state,postalCode,country,timezone,source,website,tags,doNotDisturb,businessId,"
               "createdAt,updatedAt\n";
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document_stream stream;
  if (parser.iterate_many(input.data(), input.size(), 1 << 20).get(stream)) return 1;
  size_t written = 0, rejected = 0;
  Scratch scratch;
  for (auto document : stream) {
    string_view cells[columnCount] = {};
    string_view tags;
    bool doNotDisturb = false;
    scratch.used = 0;
    simdjson::ondemand::object object;
    if (document.get_object().get(object)) { rejected++; continue; }
    bool isGood = true;
    for (auto field : object) {
      string_view key;
      if (field.unescaped_key().get(key)) { isGood = false; break; }
      int number = column(key);
      if (number >= 0) {
        if (field.value().get_string().get(cells[number])) cells[number] = {};
      } else if (key == "tags") {
        simdjson::ondemand::array list;
        if (field.value().get_array().get(list)) continue;
        char *start = scratch.bytes + scratch.used;
        for (auto element : list) {
          string_view tag;
          if (element.get_string().get(tag)) continue;
          if (scratch.bytes + scratch.used != start) scratch.bytes[scratch.used++] = ';';
          scratch.lower(trim(tag));
        }
        tags = {start, size_t(scratch.bytes + scratch.used - start)};
      } else if (key == "dnd") {
        if (field.value().get_bool().get(doNotDisturb)) doNotDisturb = false;
      }
    }
    if (!isGood || cells[id].empty()) { rejected++; continue; }
    for (int index : {companyName, address1, city, postalCode}) cells[index] = trim(cells[index]);
    for (int index : {source, website}) cells[index] = scratch.lower(trim(cells[index]));
    for (int index : {state, country}) cells[index] = scratch.upper(trim(cells[index]));
    cells[email] = scratch.lower(trim(cells[email]));
    if (!isEmail(cells[email])) cells[email] = {};
    char number[32];
    size_t count = 0;
    number[count++] = '+';
    for (char letter : cells[phone]) if (letter >= '0' && letter <= '9' && count < 17) number[count++] = letter;
    string_view kind = scratch.lower(trim(cells[type]));
    string_view status = kind == "lead" ? "prospect" : kind == "customer" ? "active" : kind == "vendor" ? "supplier" : kind == "partner" ? "partner" : "unknown";
    bool fits = tags.size() <= 500 || characters(tags) <= 500;
    for (int index = 0; index < columnCount; index++) fits = fits && (cells[index].size() <= limits[index] || characters(cells[index]) <= limits[index]);
    if (!fits) { rejected++; continue; }
    writer.cell(cells[id]);
    writer.next();
    string_view first = trim(cells[firstName]), last = trim(cells[lastName]);
    char name[256];
    size_t length = 0;
    memcpy(name, first.data(), std::min<size_t>(first.size(), 100));
    length = std::min<size_t>(first.size(), 100);
    if (length > 0 && !last.empty()) name[length++] = ' ';
    memcpy(name + length, last.data(), std::min<size_t>(last.size(), 100));
    length += std::min<size_t>(last.size(), 100);
    writer.cell({name, length});
    writer.next();
    writer.cell(cells[email]);
    writer.next();
    if (count >= 8 && count <= 16) writer.cell({number, count});
    writer.next();
    writer.cell(status);
    for (int index : {assignedTo, companyName, address1, city, state, postalCode, country, zone, source, website}) {
      writer.next();
      writer.cell(cells[index]);
    }
    writer.next();
    writer.cell(tags);
    writer.next();
    writer.out.append(doNotDisturb ? "true" : "false");
    writer.next();
    writer.cell(cells[businessId]);
    for (int index : {dateAdded, dateUpdated}) {
      writer.next();
      if (isDateTime(cells[index])) writer.cell(cells[index]);
    }
    writer.out.push_back('\n');
    written++;
    if (writer.out.size() > 1 << 20) {
      if (fwrite(writer.out.data(), 1, writer.out.size(), output) != writer.out.size()) return 73;
      writer.out.clear();
    }
  }
  if (fwrite(writer.out.data(), 1, writer.out.size(), output) != writer.out.size() || fclose(output) != 0) return 73;
  fprintf(stderr, "%zu written, %zu rejected\n", written, rejected);
  return 0;
}
