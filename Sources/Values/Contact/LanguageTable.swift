/// Languages: the 183 of ISO 639-1, `sh`, and those of ISO 639-3 without two letters that people are asked for, sign
/// languages among them.
enum LanguageTable {
  /// The code, what it is known by as a code: itself, ISO 639-2 (terminological, bibliographic), withdrawn ones. `cmn`
  /// is `zh`, as CLDR has it.
  static let codes: StaticString = """
    aa|aa|aar
    ab|ab|abk
    ae|ae|ave
    af|af|afr
    ak|ak|aka
    am|am|amh
    an|an|arg
    ar|ar|ara
    arz|arz
    as|as|asm
    ase|ase
    ast|ast
    av|av|ava
    ay|ay|aym
    az|az|aze
    ba|ba|bak
    bal|bal
    be|be|bel
    bfi|bfi
    bg|bg|bul
    bho|bho
    bi|bi|bis
    bm|bm|bam
    bn|bn|ben
    bo|bo|bod|tib
    br|br|bre
    bs|bs|bos
    ca|ca|cat
    ce|ce|che
    ceb|ceb
    ch|ch|cha
    chr|chr
    ckb|ckb
    co|co|cos
    cr|cr|cre
    crs|crs
    cs|cs|ces|cze
    cu|cu|chu
    cv|cv|chv
    cy|cy|cym|wel
    da|da|dan
    de|de|deu|ger
    dsb|dsb
    dv|dv|div
    dz|dz|dzo
    ee|ee|ewe
    el|el|ell|gre
    en|en|eng
    eo|eo|epo
    es|es|spa
    et|et|est
    eu|eu|eus|baq
    fa|fa|fas|per
    ff|ff|ful
    fi|fi|fin
    fil|fil
    fj|fj|fij
    fo|fo|fao
    fr|fr|fra|fre
    fur|fur
    fy|fy|fry
    ga|ga|gle
    gd|gd|gla
    gl|gl|glg
    gn|gn|grn
    gsw|gsw
    gu|gu|guj
    gv|gv|glv
    ha|ha|hau
    hak|hak
    haw|haw
    he|he|heb|iw
    hi|hi|hin
    hil|hil
    hmn|hmn
    ho|ho|hmo
    hr|hr|hrv|scr
    hsb|hsb
    ht|ht|hat
    hu|hu|hun
    hy|hy|hye|arm
    hz|hz|her
    ia|ia|ina
    id|id|ind|in
    ie|ie|ile
    ig|ig|ibo
    ii|ii|iii
    ik|ik|ipk
    ilo|ilo
    io|io|ido
    is|is|isl|ice
    it|it|ita
    iu|iu|iku
    ja|ja|jpn
    jv|jv|jav|jw
    ka|ka|kat|geo
    kg|kg|kon
    ki|ki|kik
    kj|kj|kua
    kk|kk|kaz
    kl|kl|kal
    km|km|khm
    kmr|kmr
    kn|kn|kan
    ko|ko|kor
    kok|kok
    kr|kr|kau
    ks|ks|kas
    ku|ku|kur
    kv|kv|kom
    kw|kw|cor
    ky|ky|kir
    la|la|lat
    lad|lad
    lb|lb|ltz
    lg|lg|lug
    li|li|lim
    lld|lld
    ln|ln|lin
    lo|lo|lao
    lt|lt|lit
    lu|lu|lub
    lv|lv|lav
    mai|mai
    mfe|mfe
    mg|mg|mlg
    mh|mh|mah
    mi|mi|mri|mao
    mk|mk|mkd|mac
    ml|ml|mal
    mn|mn|mon
    mr|mr|mar
    ms|ms|msa|may
    mt|mt|mlt
    my|my|mya|bur
    na|na|nau
    nan|nan
    nb|nb|nob
    nd|nd|nde
    nds|nds
    ne|ne|nep
    ng|ng|ndo
    nl|nl|nld|dut
    nn|nn|nno
    no|no|nor
    nr|nr|nbl
    nso|nso
    nv|nv|nav
    ny|ny|nya
    oc|oc|oci
    oj|oj|oji
    om|om|orm
    or|or|ori
    os|os|oss
    pa|pa|pan
    pap|pap
    pcm|pcm
    pi|pi|pli
    pl|pl|pol
    prs|prs
    ps|ps|pus
    pt|pt|por
    qu|qu|que
    rm|rm|roh
    rn|rn|run
    ro|ro|ron|rum|mo|mol
    rom|rom
    ru|ru|rus
    rw|rw|kin
    sa|sa|san
    sc|sc|srd
    scn|scn
    sco|sco
    sd|sd|snd
    se|se|sme
    sg|sg|sag
    sh|sh|hbs
    si|si|sin
    sk|sk|slk|slo
    sl|sl|slv
    sm|sm|smo
    sn|sn|sna
    so|so|som
    sq|sq|sqi|alb
    sr|sr|srp|scc
    ss|ss|ssw
    st|st|sot
    su|su|sun
    sv|sv|swe
    sw|sw|swa
    swc|swc
    syr|syr
    ta|ta|tam
    te|te|tel
    tg|tg|tgk
    th|th|tha
    ti|ti|tir
    tk|tk|tuk
    tl|tl|tgl
    tn|tn|tsn
    to|to|ton
    tpi|tpi
    tr|tr|tur
    ts|ts|tso
    tt|tt|tat
    tw|tw|twi
    ty|ty|tah
    ug|ug|uig
    uk|uk|ukr
    ur|ur|urd
    uz|uz|uzb
    ve|ve|ven
    vec|vec
    vi|vi|vie
    vo|vo|vol
    wa|wa|wln
    war|war
    wo|wo|wol
    wuu|wuu
    xh|xh|xho
    yi|yi|yid|ji
    yo|yo|yor
    yue|yue
    za|za|zha
    zh|zh|zho|chi|cmn
    zu|zu|zul
    """

  /// English names of ISO 639 and those that people write; the language's own where it is common. Word order, marks,
  /// punctuation and case play no part (see `CountryKey`). A long row goes on in the next.
  static let names: StaticString = """
    aa|Afar
    ab|Abkhazian|Abkhaz
    ae|Avestan
    af|Afrikaans
    ak|Akan
    am|Amharic
    an|Aragonese
    ar|Arabic|Modern Standard Arabic|العربية
    arz|Egyptian Arabic
    as|Assamese
    ase|American Sign Language|ASL
    ast|Asturian
    av|Avaric|Avar
    ay|Aymara
    az|Azerbaijani|Azeri
    ba|Bashkir
    bal|Baluchi
    be|Belarusian|Byelorussian
    bfi|British Sign Language|BSL
    bg|Bulgarian|Български
    bho|Bhojpuri
    bi|Bislama
    bm|Bambara
    bn|Bengali|Bangla
    bo|Tibetan
    br|Breton
    bs|Bosnian|Bosanski
    ca|Catalan|Valencian|Català
    ce|Chechen
    ceb|Cebuano|Bisaya
    ch|Chamorro
    chr|Cherokee
    ckb|Central Kurdish|Sorani
    co|Corsican
    cr|Cree
    crs|Seychellois Creole
    cs|Czech|Čeština
    cu|Church Slavic|Old Church Slavonic|Old Slavonic|Church Slavonic|Old Bulgarian
    cv|Chuvash
    cy|Welsh|Cymraeg
    da|Danish|Dansk
    de|German|Deutsch|Austrian German|German Austria|German Switzerland|German Germany
    dsb|Lower Sorbian
    dv|Divehi|Dhivehi|Maldivian
    dz|Dzongkha
    ee|Ewe
    el|Greek|Modern Greek|Greek Modern|Ελληνικά
    en|English|American English|British English|English US|English UK|English USA|English United States
    en|English United Kingdom|US English|UK English|Australian English|Canadian English|English Australia
    en|English Canada
    eo|Esperanto
    es|Spanish|Castilian|Español|Castellano|Spanish Castilian|Latin American Spanish|Spanish Latin America
    es|Mexican Spanish|Spanish Mexico|Spanish Spain|European Spanish
    et|Estonian|Eesti
    eu|Basque|Euskara
    fa|Persian|Farsi|فارسی
    ff|Fulah|Fula|Fulani
    fi|Finnish|Suomi
    fil|Filipino|Pilipino
    fj|Fijian
    fo|Faroese
    fr|French|Français|Canadian French|French Canada|French France|Swiss French
    fur|Friulian
    fy|Western Frisian|Frisian
    ga|Irish|Irish Gaelic|Gaeilge
    gd|Scottish Gaelic|Gaelic|Scots Gaelic|Gaelic Scottish
    gl|Galician|Galego
    gn|Guarani|Guaraní
    gsw|Swiss German|Alemannic|Schwyzerdütsch|Schweizerdeutsch
    gu|Gujarati
    gv|Manx
    ha|Hausa
    hak|Hakka|Hakka Chinese
    haw|Hawaiian
    he|Hebrew|עברית
    hi|Hindi|हिन्दी
    hil|Hiligaynon|Ilonggo
    hmn|Hmong
    ho|Hiri Motu
    hr|Croatian|Hrvatski
    hsb|Upper Sorbian
    ht|Haitian|Haitian Creole|Kreyòl
    hu|Hungarian|Magyar
    hy|Armenian
    hz|Herero
    ia|Interlingua
    id|Indonesian|Bahasa Indonesia
    ie|Interlingue|Occidental
    ig|Igbo
    ii|Sichuan Yi|Nuosu
    ik|Inupiaq
    ilo|Iloko|Ilocano
    io|Ido
    is|Icelandic|Íslenska
    it|Italian|Italiano
    iu|Inuktitut
    ja|Japanese|日本語
    jv|Javanese
    ka|Georgian
    kg|Kongo
    ki|Kikuyu|Gikuyu
    kj|Kuanyama|Kwanyama
    kk|Kazakh
    kl|Kalaallisut|Greenlandic
    km|Central Khmer|Khmer|Cambodian
    kmr|Northern Kurdish|Kurmanji
    kn|Kannada
    ko|Korean|한국어
    kok|Konkani
    kr|Kanuri
    ks|Kashmiri
    ku|Kurdish
    kv|Komi
    kw|Cornish
    ky|Kirghiz|Kyrgyz
    la|Latin
    lad|Ladino|Judeo-Spanish
    lb|Luxembourgish|Letzeburgesch
    lg|Ganda|Luganda
    li|Limburgish|Limburgan|Limburger
    lld|Ladin
    ln|Lingala
    lo|Lao|Laotian
    lt|Lithuanian|Lietuvių
    lu|Luba-Katanga
    lv|Latvian|Latviešu
    mai|Maithili
    mfe|Morisyen|Mauritian Creole
    mg|Malagasy
    mh|Marshallese
    mi|Maori|Māori
    mk|Macedonian
    ml|Malayalam
    mn|Mongolian
    mr|Marathi
    ms|Malay|Bahasa Melayu|Malaysian
    mt|Maltese|Malti
    my|Burmese|Myanmar
    na|Nauru|Nauruan
    nan|Hokkien|Min Nan Chinese|Taiwanese
    nb|Norwegian Bokmål|Bokmål
    nd|North Ndebele|Northern Ndebele
    nds|Low German|Low Saxon|Plattdeutsch
    ne|Nepali
    ng|Ndonga
    nl|Dutch|Flemish|Nederlands|Vlaams|Belgian Dutch
    nn|Norwegian Nynorsk|Nynorsk
    no|Norwegian|Norsk
    nr|South Ndebele|Southern Ndebele
    nso|Northern Sotho|Pedi|Sepedi
    nv|Navajo|Navaho
    ny|Chichewa|Chewa|Nyanja
    oc|Occitan
    oj|Ojibwa|Ojibwe
    om|Oromo
    or|Oriya|Odia
    os|Ossetian|Ossetic
    pa|Punjabi|Panjabi
    pap|Papiamento|Papiamentu
    pcm|Nigerian Pidgin
    pi|Pali
    pl|Polish|Polski
    prs|Dari
    ps|Pashto|Pushto
    pt|Portuguese|Português|Brazilian Portuguese|Portuguese Brazil|Portuguese Portugal|European Portuguese
    qu|Quechua
    rm|Romansh
    rn|Rundi|Kirundi
    ro|Romanian|Moldavian|Moldovan|Română
    rom|Romany|Romani
    ru|Russian|Русский
    rw|Kinyarwanda
    sa|Sanskrit
    sc|Sardinian
    scn|Sicilian
    sco|Scots
    sd|Sindhi
    se|Northern Sami
    sg|Sango
    sh|Serbo-Croatian
    si|Sinhala|Sinhalese
    sk|Slovak|Slovenčina
    sl|Slovenian|Slovene|Slovenščina
    sm|Samoan
    sn|Shona
    so|Somali
    sq|Albanian|Shqip
    sr|Serbian|Српски|Srpski
    ss|Swati|Swazi
    st|Southern Sotho|Sesotho
    su|Sundanese
    sv|Swedish|Svenska
    sw|Swahili|Kiswahili
    swc|Congo Swahili
    syr|Syriac
    ta|Tamil
    te|Telugu
    tg|Tajik
    th|Thai|ไทย
    ti|Tigrinya
    tk|Turkmen
    tl|Tagalog
    tn|Tswana|Setswana
    to|Tonga|Tongan
    tpi|Tok Pisin
    tr|Turkish|Türkçe
    ts|Tsonga
    tt|Tatar
    tw|Twi
    ty|Tahitian
    ug|Uighur|Uyghur
    uk|Ukrainian|Українська
    ur|Urdu|اردو
    uz|Uzbek
    ve|Venda
    vec|Venetian
    vi|Vietnamese|Tiếng Việt
    vo|Volapük
    wa|Walloon
    war|Waray
    wo|Wolof
    wuu|Wu Chinese|Shanghainese
    xh|Xhosa
    yi|Yiddish
    yo|Yoruba
    yue|Cantonese|Yue Chinese|Chinese Cantonese|廣東話
    za|Zhuang
    zh|Chinese|中文|汉语|普通话|Mandarin|Mandarin Chinese|Simplified Chinese|Traditional Chinese
    zu|Zulu
    """
}
