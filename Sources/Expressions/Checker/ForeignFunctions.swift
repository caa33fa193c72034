import Core

/// Functions of other languages, and of mappings, that people look for in expressions.
enum ForeignFunctions {
  /// What to write instead of a function that expressions do not have; nil if nothing is known about it.
  ///
  /// - Parameters:
  ///   - name: as it was written.
  ///   - operands: the texts of what it is called on and of its arguments.
  static func hint(_ name: String, _ operands: [String]) -> String? {
    let one = operands.first ?? "x"
    let two = operands.count > 1 ? operands[1] : "y"
    switch name.lowercased() {
    case "lower", "tolower", "tolowercase", "lowercase", "lcase", "downcase", "casefold": return inMapping("lower")
    case "upper", "toupper", "touppercase", "uppercase", "ucase", "upcase": return inMapping("upper")
    case "trim", "strip", "ltrim", "rtrim", "lstrip", "rstrip", "trimstart", "trimend": return inMapping("trim")
    case "title", "titlecase", "capitalize", "initcap", "proper": return inMapping("title")
    case "replace", "replaceall", "gsub", "regexreplace", "substitute", "sub":
      return inMapping("{replace: {pattern: …, with: …}}")
    case "split": return inMapping("{split: \",\"}")
    case "join", "implode", "listagg": return inMapping("{join: \", \"}")
    case "substring", "substr", "mid", "left", "slice": return inMapping("{truncate: 10}")
    case "round", "ceil", "ceiling", "floor": return inMapping("round")
    case "unique", "distinct": return inMapping("unique")
    case "sort", "sorted", "sortby": return inMapping("sort")
    case "sha256", "md5", "hash": return inMapping("sha256")
    case "todate", "parsedate", "date", "strptime": return inMapping("date")
    case "strftime", "dateformat", "formatdate", "format": return inMapping("{format: yyyy-MM-dd}")
    case "len", "length", "count", "strlen", "charlength": return "write size(\(one))"
    case "concat", "concatenate", "append": return "write \(one) + \(two)"
    case "isnull" where operands.count > 1: return "write \(one) != null ? \(one) : \(two)"
    case "coalesce", "ifnull", "nvl", "default", "fallback", "getordefault", "iferror":
      return "write \(one) != null ? \(one) : \(two)"
    case "isnull", "isnone", "isnil", "isundefined", "is_null", "ismissing": return "write \(one) == null"
    case "isnotnull", "exists", "isset", "defined", "notnull": return "write \(one) != null"
    case "isempty", "isblank", "empty", "blank", "is_empty": return "write \(one) == ''"
    case "isnotempty", "notempty", "present": return "write \(one) != ''"
    case "includes", "instr", "strpos", "find", "indexof", "has_substring": return "write \(one).contains(\(two))"
    case "beginswith", "starts_with", "hasprefix": return "write \(one).startsWith(\(two))"
    case "ends_with", "hassuffix": return "write \(one).endsWith(\(two))"
    case "match", "test", "regexp", "regex", "regexp_like", "regexpmatch", "search": return "write \(one).matches('pattern')"
    case "any", "some", "anymatch": return "write \(one).exists(x, condition)"
    case "every", "allmatch": return "write \(one).all(x, condition)"
    case "if", "iif", "iff", "choose": return "write condition ? value : other value"
    case "not": return "write !\(one)"
    case "and": return "write \(one) && \(two)"
    case "or": return "write \(one) || \(two)"
    case "eq", "equals", "equalsignorecase", "iequals": return "write \(one) == \(two)"
    case "str", "tostring", "text", "to_string", "to_s", "char", "varchar": return "write string(\(one))"
    case "toint", "parseint", "integer", "to_i", "to_int", "tointeger": return "write int(\(one))"
    case "number", "float", "tonumber", "parsefloat", "to_f", "decimal", "todouble", "tofloat", "numeric":
      return "write double(\(one))"
    case "boolean", "tobool", "toboolean": return "write bool(\(one))"
    case "year", "getyear": return "write \(one).getFullYear()"
    case "month": return "write \(one).getMonth() + 1, which counts from 1"
    case "day", "dayofmonth", "getday": return "write \(one).getDate()"
    case "hour": return "write \(one).getHours()"
    case "minute": return "write \(one).getMinutes()"
    case "weekday", "dayofweek": return "write \(one).getDayOfWeek()"
    case "now", "today", "currentdate", "current_date", "current_timestamp":
      return "write now, without parentheses"
    case "datediff", "dateadd", "days", "hours": return "add or subtract a duration: duration('24h')"
    case "abs": return "write \(one) < 0 ? -\(one) : \(one)"
    case "min": return "write \(one) < \(two) ? \(one) : \(two)"
    case "max": return "write \(one) > \(two) ? \(one) : \(two)"
    default: return nil
    }
  }

  /// Whether it is another language's name for a macro, whose first argument is a variable.
  static func bindsVariable(_ name: String) -> Bool {
    ["any", "some", "anymatch", "every", "allmatch"].contains(name.lowercased())
  }

  /// A member that is a property in other languages: `name.length`.
  static func memberHint(_ member: String, _ operand: String, of type: ExpressionType) -> String? {
    switch member.lowercased() {
    case "length", "size", "count", "len": "write size(\(operand))"
    case _ where type.isContainer: nil
    case "year": "write \(operand).getFullYear()"
    case "day": "write \(operand).getDate()"
    case "lower", "upper", "trim", "title": "in a mapping: do: [\(member.lowercased())]"
    default: nil
    }
  }

  private static func inMapping(_ step: String) -> String { "in a mapping: do: [\(step)]" }
}
