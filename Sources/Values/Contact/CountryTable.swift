/// ISO 3166-1: alpha-2, alpha-3, the English short name, then formal names and those that people write. Word order,
/// marks, punctuation and case play no part, nor do `the`, `of`, `and` (see `CountryKey`), so `Korea, Republic of` stands for
/// `Republic of Korea`, too.
///
/// A row without an alpha-3 code goes on with the one before.
///
/// Kosovo's XK is not an assigned code of the standard but a user-assigned one; it is here because GHL uses it.
/// AN (Netherlands Antilles), which GHL still lists, was withdrawn in 2010 for three successors, and is not here.
enum CountryTable {
  static let rows: StaticString = """
    AD|AND|Andorra|Principality of Andorra
    AE|ARE|United Arab Emirates|UAE|Emirates
    AF|AFG|Afghanistan|Islamic Republic of Afghanistan
    AG|ATG|Antigua and Barbuda|Antigua
    AI|AIA|Anguilla
    AL|ALB|Albania|Republic of Albania
    AM|ARM|Armenia|Republic of Armenia
    AO|AGO|Angola|Republic of Angola
    AQ|ATA|Antarctica
    AR|ARG|Argentina|Argentine Republic
    AS|ASM|American Samoa
    AT|AUT|Austria|Republic of Austria|Österreich
    AU|AUS|Australia
    AW|ABW|Aruba
    AX|ALA|Åland Islands|Aland
    AZ|AZE|Azerbaijan|Republic of Azerbaijan
    BA|BIH|Bosnia and Herzegovina|Republic of Bosnia and Herzegovina|Bosnia|Bosnia Hercegovina
    BB|BRB|Barbados
    BD|BGD|Bangladesh|People's Republic of Bangladesh
    BE|BEL|Belgium|Kingdom of Belgium|Belgique|België
    BF|BFA|Burkina Faso
    BG|BGR|Bulgaria|Republic of Bulgaria
    BH|BHR|Bahrain|Kingdom of Bahrain
    BI|BDI|Burundi|Republic of Burundi
    BJ|BEN|Benin|Republic of Benin
    BL|BLM|Saint Barthélemy|St Barts
    BM|BMU|Bermuda
    BN|BRN|Brunei Darussalam|Brunei
    BO|BOL|Bolivia, Plurinational State of|Bolivia|Plurinational State of Bolivia
    BQ|BES|Bonaire, Sint Eustatius and Saba|Caribbean Netherlands|Bonaire
    BR|BRA|Brazil|Federative Republic of Brazil|Brasil
    BS|BHS|Bahamas|Commonwealth of the Bahamas
    BT|BTN|Bhutan|Kingdom of Bhutan
    BV|BVT|Bouvet Island
    BW|BWA|Botswana|Republic of Botswana
    BY|BLR|Belarus|Republic of Belarus|Byelorussia
    BZ|BLZ|Belize
    CA|CAN|Canada
    CC|CCK|Cocos (Keeling) Islands|Cocos Islands|Keeling Islands
    CD|COD|Congo, The Democratic Republic of the|DR Congo|DRC|Congo DR|Congo Kinshasa|Zaire
    CF|CAF|Central African Republic|CAR
    CG|COG|Congo|Republic of the Congo|Congo Brazzaville
    CH|CHE|Switzerland|Swiss Confederation|Schweiz|Suisse|Svizzera
    CI|CIV|Côte d'Ivoire|Republic of Côte d'Ivoire|Ivory Coast|Cote d Ivoire
    CK|COK|Cook Islands
    CL|CHL|Chile|Republic of Chile
    CM|CMR|Cameroon|Republic of Cameroon
    CN|CHN|China|People's Republic of China|PR China|Mainland China|PRC
    CO|COL|Colombia|Republic of Colombia
    CR|CRI|Costa Rica|Republic of Costa Rica
    CU|CUB|Cuba|Republic of Cuba
    CV|CPV|Cabo Verde|Republic of Cabo Verde|Cape Verde
    CW|CUW|Curaçao
    CX|CXR|Christmas Island
    CY|CYP|Cyprus|Republic of Cyprus
    CZ|CZE|Czechia|Czech Republic|Cesko
    DE|DEU|Germany|Federal Republic of Germany|Deutschland
    DJ|DJI|Djibouti|Republic of Djibouti
    DK|DNK|Denmark|Kingdom of Denmark|Danmark
    DM|DMA|Dominica|Commonwealth of Dominica
    DO|DOM|Dominican Republic
    DZ|DZA|Algeria|People's Democratic Republic of Algeria
    EC|ECU|Ecuador|Republic of Ecuador
    EE|EST|Estonia|Republic of Estonia
    EG|EGY|Egypt|Arab Republic of Egypt
    EH|ESH|Western Sahara|Sahrawi Arab Democratic Republic
    ER|ERI|Eritrea|State of Eritrea
    ES|ESP|Spain|Kingdom of Spain|España
    ET|ETH|Ethiopia|Federal Democratic Republic of Ethiopia
    FI|FIN|Finland|Republic of Finland|Suomi
    FJ|FJI|Fiji|Republic of Fiji
    FK|FLK|Falkland Islands (Malvinas)|Falkland Islands|Falklands|Malvinas
    FM|FSM|Micronesia, Federated States of|Federated States of Micronesia|Micronesia
    FO|FRO|Faroe Islands|Faeroe Islands
    FR|FRA|France|French Republic
    GA|GAB|Gabon|Gabonese Republic
    GB|GBR|United Kingdom|United Kingdom of Great Britain and Northern Ireland|UK|Great Britain|Britain|England|Scotland
    GB||Wales|Northern Ireland|United Kingdom of Great Britain
    GD|GRD|Grenada
    GE|GEO|Georgia
    GF|GUF|French Guiana
    GG|GGY|Guernsey
    GH|GHA|Ghana|Republic of Ghana
    GI|GIB|Gibraltar
    GL|GRL|Greenland
    GM|GMB|Gambia|Republic of the Gambia
    GN|GIN|Guinea|Republic of Guinea
    GP|GLP|Guadeloupe
    GQ|GNQ|Equatorial Guinea|Republic of Equatorial Guinea
    GR|GRC|Greece|Hellenic Republic|Hellas
    GS|SGS|South Georgia and the South Sandwich Islands|South Georgia
    GT|GTM|Guatemala|Republic of Guatemala
    GU|GUM|Guam
    GW|GNB|Guinea-Bissau|Republic of Guinea-Bissau
    GY|GUY|Guyana|Republic of Guyana
    HK|HKG|Hong Kong|Hong Kong Special Administrative Region of China|Hong Kong SAR|Hongkong|Hong Kong SAR China
    HM|HMD|Heard Island and McDonald Islands|Heard and McDonald Islands
    HN|HND|Honduras|Republic of Honduras
    HR|HRV|Croatia|Republic of Croatia
    HT|HTI|Haiti|Republic of Haiti
    HU|HUN|Hungary
    ID|IDN|Indonesia|Republic of Indonesia
    IE|IRL|Ireland|Republic of Ireland|Eire
    IL|ISR|Israel|State of Israel
    IM|IMN|Isle of Man
    IN|IND|India|Republic of India
    IO|IOT|British Indian Ocean Territory
    IQ|IRQ|Iraq|Republic of Iraq
    IR|IRN|Iran, Islamic Republic of|Iran|Islamic Republic of Iran
    IS|ISL|Iceland|Republic of Iceland
    IT|ITA|Italy|Italian Republic|Italia
    JE|JEY|Jersey
    JM|JAM|Jamaica
    JO|JOR|Jordan|Hashemite Kingdom of Jordan
    JP|JPN|Japan|Nippon
    KE|KEN|Kenya|Republic of Kenya
    KG|KGZ|Kyrgyzstan|Kyrgyz Republic|Kirghizia
    KH|KHM|Cambodia|Kingdom of Cambodia
    KI|KIR|Kiribati|Republic of Kiribati
    KM|COM|Comoros|Union of the Comoros
    KN|KNA|Saint Kitts and Nevis|St Kitts
    KP|PRK|Korea, Democratic People's Republic of|North Korea|Democratic People's Republic of Korea|DPRK
    KR|KOR|Korea, Republic of|South Korea|Korea|ROK
    KW|KWT|Kuwait|State of Kuwait
    KY|CYM|Cayman Islands|Caymans
    KZ|KAZ|Kazakhstan|Republic of Kazakhstan
    LA|LAO|Lao People's Democratic Republic|Laos|Lao PDR|Lao
    LB|LBN|Lebanon|Lebanese Republic
    LC|LCA|Saint Lucia
    LI|LIE|Liechtenstein|Principality of Liechtenstein
    LK|LKA|Sri Lanka|Democratic Socialist Republic of Sri Lanka|Ceylon
    LR|LBR|Liberia|Republic of Liberia
    LS|LSO|Lesotho|Kingdom of Lesotho
    LT|LTU|Lithuania|Republic of Lithuania
    LU|LUX|Luxembourg|Grand Duchy of Luxembourg
    LV|LVA|Latvia|Republic of Latvia
    LY|LBY|Libya|Libyan Arab Jamahiriya
    MA|MAR|Morocco|Kingdom of Morocco
    MC|MCO|Monaco|Principality of Monaco
    MD|MDA|Moldova, Republic of|Moldova|Republic of Moldova
    ME|MNE|Montenegro
    MF|MAF|Saint Martin (French part)|Saint Martin
    MG|MDG|Madagascar|Republic of Madagascar
    MH|MHL|Marshall Islands|Republic of the Marshall Islands
    MK|MKD|North Macedonia|Republic of North Macedonia|Macedonia|Former Yugoslav Republic of Macedonia|FYROM
    ML|MLI|Mali|Republic of Mali
    MM|MMR|Myanmar|Republic of Myanmar|Burma
    MN|MNG|Mongolia
    MO|MAC|Macao|Macao Special Administrative Region of China|Macau|Macao SAR|Macau SAR China|Macao SAR China
    MP|MNP|Northern Mariana Islands|Commonwealth of the Northern Mariana Islands
    MQ|MTQ|Martinique
    MR|MRT|Mauritania|Islamic Republic of Mauritania
    MS|MSR|Montserrat
    MT|MLT|Malta|Republic of Malta
    MU|MUS|Mauritius|Republic of Mauritius
    MV|MDV|Maldives|Republic of Maldives
    MW|MWI|Malawi|Republic of Malawi
    MX|MEX|Mexico|United Mexican States|México
    MY|MYS|Malaysia
    MZ|MOZ|Mozambique|Republic of Mozambique
    NA|NAM|Namibia|Republic of Namibia
    NC|NCL|New Caledonia
    NE|NER|Niger|Republic of the Niger
    NF|NFK|Norfolk Island
    NG|NGA|Nigeria|Federal Republic of Nigeria
    NI|NIC|Nicaragua|Republic of Nicaragua
    NL|NLD|Netherlands|Kingdom of the Netherlands|Holland|Nederland
    NO|NOR|Norway|Kingdom of Norway|Norge
    NP|NPL|Nepal|Federal Democratic Republic of Nepal
    NR|NRU|Nauru|Republic of Nauru
    NU|NIU|Niue
    NZ|NZL|New Zealand|Aotearoa
    OM|OMN|Oman|Sultanate of Oman
    PA|PAN|Panama|Republic of Panama
    PE|PER|Peru|Republic of Peru
    PF|PYF|French Polynesia
    PG|PNG|Papua New Guinea|Independent State of Papua New Guinea
    PH|PHL|Philippines|Republic of the Philippines|Pilipinas
    PK|PAK|Pakistan|Islamic Republic of Pakistan
    PL|POL|Poland|Republic of Poland|Polska
    PM|SPM|Saint Pierre and Miquelon|Saint Pierre
    PN|PCN|Pitcairn|Pitcairn Islands
    PR|PRI|Puerto Rico
    PS|PSE|Palestine, State of|State of Palestine|Palestine|Palestinian Territory Occupied|Palestinian Territory
    PS||Palestinian Territories|Occupied Palestinian Territory
    PT|PRT|Portugal|Portuguese Republic
    PW|PLW|Palau|Republic of Palau
    PY|PRY|Paraguay|Republic of Paraguay
    QA|QAT|Qatar|State of Qatar
    RE|REU|Réunion|La Réunion
    RO|ROU|Romania
    RS|SRB|Serbia|Republic of Serbia
    RU|RUS|Russian Federation|Russia
    RW|RWA|Rwanda|Rwandese Republic
    SA|SAU|Saudi Arabia|Kingdom of Saudi Arabia|KSA
    SB|SLB|Solomon Islands
    SC|SYC|Seychelles|Republic of Seychelles
    SD|SDN|Sudan|Republic of the Sudan
    SE|SWE|Sweden|Kingdom of Sweden|Sverige
    SG|SGP|Singapore|Republic of Singapore
    SH|SHN|Saint Helena, Ascension and Tristan da Cunha|Saint Helena
    SI|SVN|Slovenia|Republic of Slovenia
    SJ|SJM|Svalbard and Jan Mayen|Svalbard
    SK|SVK|Slovakia|Slovak Republic
    SL|SLE|Sierra Leone|Republic of Sierra Leone
    SM|SMR|San Marino|Republic of San Marino
    SN|SEN|Senegal|Republic of Senegal
    SO|SOM|Somalia|Federal Republic of Somalia
    SR|SUR|Suriname|Republic of Suriname
    SS|SSD|South Sudan|Republic of South Sudan
    ST|STP|Sao Tome and Principe|Democratic Republic of Sao Tome and Principe|São Tomé
    SV|SLV|El Salvador|Republic of El Salvador|Salvador
    SX|SXM|Sint Maarten (Dutch part)|Sint Maarten
    SY|SYR|Syrian Arab Republic|Syria
    SZ|SWZ|Eswatini|Kingdom of Eswatini|Swaziland
    TC|TCA|Turks and Caicos Islands|Turks and Caicos
    TD|TCD|Chad|Republic of Chad
    TF|ATF|French Southern Territories|French Southern and Antarctic Lands
    TG|TGO|Togo|Togolese Republic
    TH|THA|Thailand|Kingdom of Thailand
    TJ|TJK|Tajikistan|Republic of Tajikistan
    TK|TKL|Tokelau
    TL|TLS|Timor-Leste|Democratic Republic of Timor-Leste|East Timor
    TM|TKM|Turkmenistan
    TN|TUN|Tunisia|Republic of Tunisia
    TO|TON|Tonga|Kingdom of Tonga
    TR|TUR|Türkiye|Republic of Türkiye|Turkey
    TT|TTO|Trinidad and Tobago|Republic of Trinidad and Tobago|Trinidad
    TV|TUV|Tuvalu
    TW|TWN|Taiwan, Province of China|Taiwan|Republic of China|ROC
    TZ|TZA|Tanzania, United Republic of|Tanzania|United Republic of Tanzania
    UA|UKR|Ukraine
    UG|UGA|Uganda|Republic of Uganda
    UM|UMI|United States Minor Outlying Islands|US Minor Outlying Islands
    US|USA|United States|United States of America|U.S.|US of A|America|Estados Unidos
    US||United States of America (USA)|United States (USA)|United States (US)
    UY|URY|Uruguay|Eastern Republic of Uruguay
    UZ|UZB|Uzbekistan|Republic of Uzbekistan
    VA|VAT|Holy See (Vatican City State)|Holy See|Vatican|Vatican City|Vatican City State|State of the Vatican City
    VC|VCT|Saint Vincent and the Grenadines|Saint Vincent
    VE|VEN|Venezuela, Bolivarian Republic of|Venezuela|Bolivarian Republic of Venezuela
    VG|VGB|Virgin Islands, British|British Virgin Islands
    VI|VIR|Virgin Islands, U.S.|Virgin Islands of the United States|United States Virgin Islands|US Virgin Islands
    VI||Virgin Islands US|USVI
    VN|VNM|Viet Nam|Vietnam|Socialist Republic of Viet Nam
    VU|VUT|Vanuatu|Republic of Vanuatu
    WF|WLF|Wallis and Futuna
    WS|WSM|Samoa|Independent State of Samoa|Western Samoa
    XK|XKX|Kosovo|Republic of Kosovo
    YE|YEM|Yemen|Republic of Yemen
    YT|MYT|Mayotte
    ZA|ZAF|South Africa|Republic of South Africa|RSA
    ZM|ZMB|Zambia|Republic of Zambia
    ZW|ZWE|Zimbabwe|Republic of Zimbabwe
    """
}
