/// The style sheet of the page, on top of that of the pictures.
///
/// Letters are at least 13 pixels on the screen and 8 points on paper; text has a contrast of at least 4.5 : 1 in both modes. What
/// is wider than the window scrolls in a place of its own.
enum PageStyle {
  static let css: StaticString = """
    :root{color-scheme:light dark;--bg:#fff;--fg:#16202b;--soft:#4f5a67;--rule:#d5dbe1;--line:#7b8794;--panel:#f4f6f8;\
    --link:#0a5c96;--good:#17663a;--warning:#8a5200;--bad:#b3261e;--open:#4f5a67;--wf-bg:var(--bg)}
    @media screen and (prefers-color-scheme:dark){:root{--bg:#10161c;--fg:#e6ebf0;--soft:#a4b0bc;--rule:#37424d;--line:#8b97a3;\
    --panel:#182028;--link:#7cc0ee;--good:#6fce97;--warning:#f0b65a;--bad:#ff8f86;--open:#a4b0bc}}
    *{box-sizing:border-box}
    html{background:var(--bg);color:var(--fg);-webkit-text-size-adjust:100%;text-size-adjust:100%}
    body{margin:0 auto;max-width:84rem;padding:0 1.25rem 3rem;font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,\
    "Helvetica Neue",Arial,"Liberation Sans",sans-serif}
    h1,h2,h3{line-height:1.25;overflow-wrap:anywhere;text-wrap:balance}
    h1{font-size:2rem;margin:.1rem 0 .25rem;letter-spacing:-.01em}
    h2{font-size:1.375rem;margin:0 0 .5rem;padding-top:1.25rem;border-top:2px solid var(--fg)}
    h3{font-size:1.0625rem;margin:1.5rem 0 .4rem}
    p{margin:.5rem 0;max-width:46rem;overflow-wrap:anywhere}
    li{max-width:46rem;overflow-wrap:anywhere}
    a{color:var(--link);text-underline-offset:.15em}
    :focus-visible{outline:3px solid var(--link);outline-offset:2px}
    code{font:.9em/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;overflow-wrap:anywhere}
    .skip{position:absolute;left:-100vw;padding:.75rem 1rem;background:var(--bg)}.skip:focus{left:.5rem;top:.5rem;z-index:2}
    .top{padding:1.5rem 0 .75rem}
    .kind{margin:0;color:var(--soft);font-size:.9375rem}.runs{margin:0;color:var(--soft);font-size:.9375rem}
    .unmasked{border:3px solid var(--bad);padding:.6rem .9rem;margin-bottom:.75rem;overflow-wrap:anywhere}
    .unmasked strong{color:var(--bad)}
    section{margin-top:2.5rem;scroll-margin-top:.5rem}
    .no{color:var(--soft);font-weight:400;margin-right:.25rem;font-variant-numeric:tabular-nums}
    .explain{color:var(--soft);margin-top:0}.faint{color:var(--soft)}
    .source{font-size:.8125rem;color:var(--soft);margin-top:.75rem}
    .missing{border-left:4px solid var(--line);padding:.1rem 0 .1rem .75rem}
    .omitted{font-size:.875rem;color:var(--soft)}.lead{font-weight:600;margin-bottom:.25rem}
    ul,ol{padding-left:1.4rem;margin:.4rem 0}
    nav details{border:1px solid var(--rule);border-radius:.25rem}
    nav summary{padding:.6rem .75rem;cursor:pointer;font-weight:600}
    nav ol{margin:0;padding:0 .75rem .75rem 2.4rem;font-size:.9375rem}nav li{padding:.15rem 0}
    nav a{display:block;padding:.2rem 0;text-decoration:none}nav a:hover{text-decoration:underline}
    main section:first-child{margin-top:1rem}
    .verdict{border-left:.5rem solid var(--line);padding:.75rem 1rem;background:var(--panel);margin:.75rem 0 1rem;max-width:52rem}
    .verdict.good{border-color:var(--good)}.verdict.warning{border-color:var(--warning)}.verdict.bad{border-color:var(--bad)}
    .verdict p{margin:.35rem 0}.standing{font-size:1.625rem;font-weight:700;line-height:1.25}
    .verdict.good .standing{color:var(--good)}.verdict.warning .standing{color:var(--warning)}.verdict.bad .standing{color:var(--bad)}
    .reasons li{margin:.5rem 0}.see{font-size:.875rem;display:inline-block;padding:.2rem 0}.place{color:var(--soft)}
    .advice{font-style:italic}
    .status{font-weight:600}.status .sign{display:inline-block;min-width:1em;text-align:center}
    .status.good{color:var(--good)}.status.warning{color:var(--warning)}.status.bad{color:var(--bad)}.status.open{color:var(--open)}
    .scroll{overflow-x:auto;max-width:100%;position:relative}.more{position:relative}
    main section>table,.scroll>table,.group table,.record table{border-collapse:collapse;font-size:.875rem;margin:.75rem 0}
    caption{text-align:left;font-weight:600;padding:.25rem 0}
    .scroll th,.scroll td,section>table th,section>table td,.group td,.group th,.record td,.record th{text-align:left;\
    vertical-align:top;padding:.3rem .75rem .3rem 0;border-bottom:1px solid var(--rule)}
    td.long,th.long{overflow-wrap:anywhere}.scroll td.long,.scroll th.long{min-width:15rem}td.long code,th.long code{overflow-wrap:anywhere}
    td code,tbody th code{overflow-wrap:normal}section>table td,section>table th{overflow-wrap:anywhere}
    thead th{border-bottom-color:var(--line);vertical-align:bottom;font-weight:600;overflow-wrap:normal}
    tbody th{font-weight:400;min-width:6rem;max-width:22rem}td{max-width:26rem}
    .scroll td,.scroll tbody th{min-width:3rem}
    .n{text-align:right!important;font-variant-numeric:tabular-nums}td.n{white-space:nowrap}

    .more>summary{padding:.4rem 0;cursor:pointer;font-weight:600;font-size:.875rem}
    .group,.record,.signature{margin:1rem 0 1.5rem}
    .blanks{display:flex;flex-wrap:wrap;gap:.6rem;margin:.6rem 0;max-width:52rem}
    .blank{flex:1 1 10rem;min-height:3.2rem;border:1px solid var(--line);padding:.15rem .4rem;border-radius:2px}
    .blank span{font-size:.8125rem;color:var(--soft)}.tall{flex:2 1 18rem;min-height:5rem}
    .ticks{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem}
    .box{display:inline-block;width:1.05rem;height:1.05rem;border:1.5px solid var(--fg);border-radius:2px;vertical-align:-.2rem;\
    margin-right:.45rem;flex:none}
    .conditions{list-style:none;padding:0}.conditions li{margin:.35rem 0}
    .signature{border:1px solid var(--line);padding:.25rem 1rem .75rem;max-width:54rem}.signature h3{margin-top:.75rem}
    footer{margin-top:3rem;border-top:1px solid var(--rule);font-size:.875rem;color:var(--soft)}
    @media screen{section{content-visibility:auto;contain-intrinsic-size:auto 50rem}}
    @media(min-width:68rem){.columns{display:grid;grid-template-columns:15rem minmax(0,1fr);gap:3rem}\
    nav{position:sticky;top:0;align-self:start;max-height:100vh;overflow-y:auto;padding:1rem 0}\
    nav details{border:0}nav summary{display:none}nav details::details-content{content-visibility:visible;display:block;height:auto}\
    nav ol{padding-left:1.8rem;font-size:.875rem}}
    @media screen and (max-width:40rem){.scroll tbody th,.scroll thead th:first-child{position:sticky;left:0;background:var(--bg)}\
    .scroll tbody th{max-width:9rem}.scroll thead th{min-width:4.5rem}body{padding:0 1rem 2rem}h1{font-size:1.6rem}h2{font-size:1.25rem}.standing{font-size:1.375rem}\
    .verdict{padding:.6rem .75rem;border-left-width:.35rem}}

    """

  /// On paper: A4, everything open, nothing that belongs together on two sheets, the contents left out.
  static let sheet: StaticString = """
    @page{size:A4;margin:16mm 14mm 18mm;@bottom-left{font:8pt sans-serif}@bottom-right{font:8pt sans-serif;content:counter(page) " of " counter(pages)}}
    @media print{html{background:none;font-size:9.5pt}body{max-width:none;padding:0}
    .skip,nav,footer p+p{display:none}.columns{display:block}
    h1{font-size:20pt}h2{font-size:14pt;padding-top:8pt;border-top-width:1pt}h3{font-size:11pt}
    h2,h3,.lead,caption,.explain,.wf-title,.wf-say,summary{break-after:avoid}.explain,.omitted{break-inside:avoid}
    section{margin-top:18pt}p,li{max-width:none;orphans:3;widows:3}
    .verdict,.reasons li,tr,.blanks,.wf,.record,.signature,.missing,.ticks{break-inside:avoid}
    .wf:has(.wf-more){break-inside:auto}thead{display:table-header-group}
    #signatures{break-before:page}.blank{min-height:3.6rem}.tall{min-height:5.5rem}.signature{max-width:none}
    .scroll,.wf-scroll{overflow:visible}
    main section>table,.scroll>table,.group table,.record table,.wf-table{font-size:8pt}
    .scroll th,.scroll td,section>table th,section>table td,.wf-table th,.wf-table td{padding:2pt 6pt 2pt 0}
    .scroll td,.scroll tbody th,.wf-table tbody th{min-width:0}td.n{white-space:normal}tr .long{min-width:0!important}
    .scroll td,.scroll th{overflow-wrap:break-word}.wf-waffle{max-width:22rem}
    .records{columns:2;column-gap:8mm}.records h3{margin-top:0}
    .more::details-content{content-visibility:visible;display:block;height:auto}.more>summary{list-style:none}
    .more>summary::-webkit-details-marker{display:none}
    a{color:inherit;text-decoration:none}.see{display:none}
    .verdict,.box,.blank{print-color-adjust:exact;-webkit-print-color-adjust:exact}}

    """
}
