/// First and last names in several scripts. Kept sorted, so that a place in the order of a business gives a name (see
/// `SyntheticData`): no first name holds a space.
struct NameTable: Sendable {
  struct Name: Sendable {
    var text: String
    var lowercase: String
    /// Lower-case ASCII letters for an e-mail address; empty for scripts that have none.
    var ascii: String

    init(_ text: String) {
      self.text = text
      lowercase = text.lowercased()
      ascii = Self.folded(lowercase)
    }

    private static func folded(_ text: String) -> String {
      var bytes: [UInt8] = []
      for scalar in text.unicodeScalars {
        switch scalar {
        case "a"..."z": bytes.append(UInt8(scalar.value))
        case "á", "à", "â", "ä", "ã", "å", "ą": bytes.append(UInt8(ascii: "a"))
        case "é", "è", "ê", "ë", "ę": bytes.append(UInt8(ascii: "e"))
        case "í", "ï", "î": bytes.append(UInt8(ascii: "i"))
        case "ó", "ô", "ö", "õ": bytes.append(UInt8(ascii: "o"))
        case "ú", "ü": bytes.append(UInt8(ascii: "u"))
        case "ç", "ć": bytes.append(UInt8(ascii: "c"))
        case "ñ", "ń": bytes.append(UInt8(ascii: "n"))
        case "ł": bytes.append(UInt8(ascii: "l"))
        case "ś": bytes.append(UInt8(ascii: "s"))
        case "ż", "ź": bytes.append(UInt8(ascii: "z"))
        case "ÿ": bytes.append(UInt8(ascii: "y"))
        case "ß": bytes.append(contentsOf: "ss".utf8)
        default: break
        }
      }
      return String(decoding: bytes, as: UTF8.self)
    }
  }

  struct Culture: Sendable {
    var countries: [String]
    var lastNames: [Name]
  }

  var firstNames: [(name: Name, culture: Int)]
  var cultures: [Culture]

  static let shared = NameTable(sources)

  private init(_ sources: [(countries: String, first: String, last: String)]) {
    firstNames = []
    cultures = []
    for (number, source) in sources.enumerated() {
      let last = source.last.split(separator: " ").map { Name(String($0)) }.sorted { Self.precedes($0.lowercase, $1.lowercase) }
      cultures.append(Culture(countries: source.countries.split(separator: " ").map(String.init), lastNames: last))
      firstNames += source.first.split(separator: " ").map { (Name(String($0)), number) }
    }
    firstNames.sort { Self.precedes($0.name.lowercase, $1.name.lowercase) }
  }

  /// The order of the by-business list: lower-case texts compared byte by byte.
  static func precedes(_ first: String, _ second: String) -> Bool { first.utf8.lexicographicallyPrecedes(second.utf8) }

  private static let sources: [(countries: String, first: String, last: String)] = [
    (
      "US US US GB CA AU IE",
      """
      Aaron Abigail Adam Alice Amelia Andrew Anne-Marie Anthony Ava Barbara Benjamin Brandon Caitlin Carol \
      Charlotte Christopher Claire Daniel D'Arcy David Deborah Dylan Edward Eleanor Elizabeth Emily Ethan \
      Evelyn Frank Gabriel George Grace Hannah Harriet Henry Isaac Isabella Jack James Jean-Luc Jennifer \
      Jessica John Joshua Julia Karen Kevin Laura Liam Lily Linda Lucas Margaret Mark Mary Matthew Megan \
      Michael Natalie Nathan Nicholas Noah Oliver Olivia Oscar Patricia Paul Peter Rachel Rebecca Richard \
      Robert Ruth Ryan Samuel Sarah Scott Sean Sophia Stephen Susan Thomas Tyler Victoria Walter William \
      Zachary Zoe
      """,
      """
      Adams Allen Anderson Bailey Baker Bennett Brooks Brown Campbell Carter Clark Collins Cook Cooper Cox \
      Davies Davis De'Ath Edwards Evans Fisher Foster Garcia-Smith Gray Green Hall Harris Hill Howard \
      Hughes Jackson James Johnson Jones Kelly King Lee Lewis MacDonald Martin McCarthy Miller Mitchell \
      Moore Morgan Morris Murphy Nelson O'Brien O'Connor O'Neill Parker Patel Phillips Powell Price Reed \
      Richardson Roberts Robinson Rogers Ross Russell Scott Smith Smith-Jones Stewart Taylor Thomas \
      Thompson Turner Walker Ward Watson White Williams Wilson Wood Wright Young
      """
    ),
    (
      "DE DE DE AT",
      """
      Anneliese Björn Dieter Franziska Günther Heike Jörg Jürgen Käthe Lukas Matthias Ömer Sabine Sören \
      Ulrike Wolfgang
      """,
      """
      Bäcker Fischer Groß Hoffmann Jäger Köhler Krüger Müller Schäfer Schmidt Schröder Schütz Vogel Wagner \
      Weber Weiß Zimmermann
      """
    ),
    (
      "FR FR FR",
      "Aurélie Chloé Éloïse Émile François Gaëlle Hélène Jérôme Léa Loïc Maëlys Noémie René Zoé",
      """
      Bélanger Bernard Dubois Dupont Durand D'Ormesson Faÿ Garçon Lefèvre Lemoine Moreau Petit Rousseau \
      Saint-Étienne
      """
    ),
    (
      "ES ES US",
      "Álvaro Begoña Íñigo Inés Jesús José María Núria Óscar Raúl Sofía Ximena",
      "Álvarez Díaz Fernández García Gómez Ibáñez López Muñoz Núñez Ortega Peña Rodríguez Sánchez Zúñiga"
    ),
    (
      "PL",
      """
      Agnieszka Bożena Grażyna Jędrzej Łukasz Małgorzata Paweł Stanisław Świętosława Wojciech Zbigniew \
      Żaneta
      """,
      """
      Dąbrowski Górski Jabłoński Kowalczyk Lewandowska Łuczak Mączyński Nowak Pawłowski Wiśniewska Wójcik \
      Zieliński Żak
      """
    ),
    (
      "BR",
      "Antônio Conceição Fábio Gonçalo Inês João Luísa Simão Thaís",
      "Araújo Assunção Brandão Conceição Guimarães Magalhães Nóbrega Simões"
    ),
    (
      "GR",
      "Αλέξανδρος Γεώργιος Δημήτρης Ελένη Ιωάννης Κατερίνα Μαρία Νικόλαος Σοφία",
      "Αντωνίου Γεωργίου Δημητρίου Ιωάννου Κωνσταντίνου Νικολάου Παπαδόπουλος Χριστοδούλου"
    ),
    (
      "UA",
      "Анастасія Богдан Дмитро Євгенія Ірина Катерина Михайло Олександр Світлана Тарас Юлія",
      "Бондаренко Гриценко Ковальчук Кравченко Лисенко Мельник Петренко Шевченко"
    ),
    (
      "AE EG",
      "أحمد خالد زينب سارة عمر فاطمة ليلى محمد مريم يوسف",
      "الأحمد الحسن الخطيب السيد العلي المصري حداد منصور"
    ),
    (
      "JP",
      "さくら ひろし 健太 優子 大輔 愛 拓也 美咲 翔",
      "伊藤 佐藤 加藤 小林 山本 渡辺 田中 鈴木 高橋"
    ),
    (
      "CN TW",
      "伟 俊杰 婷 娜 敏 晓明 芳 雨桐 静",
      "刘 张 李 杨 王 赵 陈 黄"
    ),
    (
      "IN",
      "Aarav Ananya Arjun Deepika Ishaan Kavya Lakshmi Priya Rahul Sanjay Vikram",
      "Agarwal Banerjee Chatterjee Gupta Iyer Krishnan Mehta Nair Reddy Sharma Singh Venkataraman"
    ),
  ]
}
