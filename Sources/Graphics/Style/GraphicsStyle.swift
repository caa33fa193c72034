/// The style sheet of all pictures. A page includes it once.
///
/// Blue, vermilion, purple and yellow stay apart in every common form of color blindness, and textures, sizes and words say the
/// same without color. On paper the light colors hold, also where the screen is dark.
package enum GraphicsStyle {
  package static let css: StaticString = """
    :root{--wf-good:#0a5c96;--wf-created:#0a5c96;--wf-updated:#5a9fcb;--wf-unchanged:#a9cfe6;--wf-removed:#5d6470;\
    --wf-filtered:#c3c9d1;--wf-merged:#98a1ad;--wf-rejected:#e0712a;--wf-failed:#b0447f;--wf-pending:#efc94c;\
    --wf-lost:#c6262e;--wf-rest:#aab3bd;--wf-dark:#fff;--wf-light:#16202b;--wf-line:#7b8794;--wf-faint:#56616e;\
    --wf-alarm:#b3400a;--wf-ink:#16202b;--wf-rule:#d5dbe1;\
    --wf-l1:#a9cfe6;--wf-l2:#74b0d6;--wf-l3:#3f8cbe;--wf-l4:#0a5c96;--wf-l5:#06304f}
    @media screen and (prefers-color-scheme:dark){:root{--wf-good:#6bb6e8;--wf-created:#6bb6e8;--wf-updated:#3a86bb;\
    --wf-unchanged:#2b5f84;--wf-removed:#8b95a1;--wf-filtered:#525c68;--wf-merged:#6b7683;--wf-rejected:#ef8c4c;\
    --wf-failed:#d77fb0;--wf-pending:#f0d264;--wf-lost:#ff7b76;--wf-rest:#5a6570;--wf-dark:#0c1116;--wf-light:#eef3f7;\
    --wf-line:#8b97a3;--wf-faint:#a4b0bc;--wf-alarm:#ff9a5c;--wf-ink:#0c1116;--wf-rule:#37424d;\
    --wf-l1:#2b5f84;--wf-l2:#3a86bb;--wf-l3:#6bb6e8;--wf-l4:#a5d5f3;--wf-l5:#e2f3fd}}
    .wf{margin:1.25rem 0;max-width:60rem}
    .wf svg{display:block;overflow:visible;forced-color-adjust:none}
    .wf text{fill:currentColor;font-size:12px;font-family:inherit}
    .wf-title{font-weight:600;margin-bottom:.5rem;overflow-wrap:anywhere}
    .wf-say{margin:0 0 .5rem;overflow-wrap:anywhere}
    .wf-note{margin:.4rem 0 0;font-size:.875rem;color:var(--wf-faint)}
    .wf-more{margin-top:.5rem;position:relative}
    .wf-more>summary{padding:.35rem 0;cursor:pointer;font-size:.875rem;min-height:1.5rem}
    .wf-scroll{overflow-x:auto;max-width:100%;position:relative}
    .wf-hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
    .wf-table{border-collapse:collapse;font-size:.875rem;margin-top:.5rem;font-variant-numeric:tabular-nums}
    .wf-table caption{text-align:left;color:var(--wf-faint);padding-bottom:.25rem}
    .wf-table th,.wf-table td{padding:.25rem .75rem .25rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--wf-rule);\
    overflow-wrap:anywhere}
    .wf-table thead th{font-weight:600;border-bottom-color:var(--wf-line);vertical-align:bottom;overflow-wrap:normal}
    .wf-table tbody th{font-weight:400;min-width:7rem;max-width:20rem}
    .wf-table .wf-n{text-align:right}.wf-table td.wf-n{white-space:nowrap}
    .wf .wf-swatch{display:inline-block;vertical-align:-2px;margin-right:.4rem}
    .wf-good{fill:var(--wf-good)}.wf-created{fill:var(--wf-created)}.wf-updated{fill:var(--wf-updated)}
    .wf-unchanged{fill:var(--wf-unchanged)}.wf-removed{fill:var(--wf-removed)}.wf-filtered{fill:var(--wf-filtered)}
    .wf-merged{fill:var(--wf-merged)}.wf-rejected{fill:var(--wf-rejected)}.wf-failed{fill:var(--wf-failed)}
    .wf-pending{fill:var(--wf-pending)}.wf-lost{fill:var(--wf-lost)}.wf-rest{fill:var(--wf-rest)}
    .wf-ink{stroke:var(--wf-ink);stroke-width:1;fill:none;stroke-opacity:.75}.wf-dot{fill:var(--wf-ink)}
    .wf .wf-on-good,.wf .wf-on-created,.wf .wf-on-removed{fill:var(--wf-dark)}
    .wf .wf-on-unchanged,.wf .wf-on-filtered,.wf .wf-on-rest{fill:var(--wf-light)}
    .wf-bars .wf-name{margin-top:.9rem;font-weight:600;font-size:.9375rem;overflow-wrap:anywhere}
    .wf-bars .wf-sum{margin:.1rem 0 .3rem;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
    .wf-bar rect{stroke:var(--wf-bg,Canvas);stroke-width:1}
    .wf .wf-bar text{text-anchor:middle}
    .wf .wf-defs{position:absolute}
    .wf-key{margin:.5rem 0 0;font-size:.875rem}.wf-key span{margin-right:.75rem;white-space:nowrap}
    .wf-strip,.wf-months{display:flex;flex-wrap:wrap;gap:.35rem .75rem}
    .wf .wf-strip text,.wf .wf-calendar text{font-size:11px}
    .wf-frame{fill:none;stroke:var(--wf-line);stroke-width:1}.wf-none{stroke-dasharray:2 2}
    .wf-source{fill:var(--wf-l2)}.wf-target{fill:var(--wf-l4)}.wf-alarm{fill:var(--wf-alarm)}
    .wf-stops{display:flex;text-align:center;font-size:.875rem;color:var(--wf-faint);border-bottom:1px solid var(--wf-rule)}
    .wf-stops span{flex:1 1 0;overflow-wrap:anywhere;padding:0 .25rem}
    .wf-total{font-size:.875rem;margin:.6rem 0 0;overflow-wrap:anywhere}
    .wf .wf-slope text{text-anchor:middle;font-variant-numeric:tabular-nums}
    .wf-slope line{stroke-width:2}.wf-slope line.wf-flat{stroke:var(--wf-line)}.wf-slope line.wf-steep{stroke:var(--wf-alarm)}
    .wf-slope circle.wf-flat{fill:var(--wf-good)}.wf-slope circle.wf-steep{fill:var(--wf-alarm)}
    .wf .wf-slope .wf-strong{font-weight:700;fill:var(--wf-alarm)}.wf .wf-slope .wf-faint{fill:var(--wf-faint)}
    .wf-cross td,.wf-cross thead th+th{text-align:right;white-space:nowrap;padding-left:.5rem}
    .wf-cross td,.wf-cross tbody th{vertical-align:middle}.wf-cross thead th+th{white-space:normal;max-width:9rem}
    .wf-cross td svg{display:inline-block;vertical-align:middle;margin-right:.35rem}.wf-bubble{fill:var(--wf-l3)}
    .wf-waffle{max-width:36rem}.wf-waffle svg{height:auto}
    .wf-spark .wf-past{fill:var(--wf-rest)}.wf-spark .wf-now{fill:var(--wf-alarm)}.wf-unknown{fill:var(--wf-line)}
    .wf-year{display:flex;gap:.75rem;margin:.5rem 0;align-items:flex-start}.wf-year b{min-width:2.6rem;font-size:.875rem}
    .wf-gap{font-size:.875rem;color:var(--wf-faint);padding-left:3.35rem}
    .wf-l0{fill:var(--wf-line)}.wf-l1{fill:var(--wf-l1)}.wf-l2{fill:var(--wf-l2)}.wf-l3{fill:var(--wf-l3)}
    .wf-l4{fill:var(--wf-l4)}.wf-l5{fill:var(--wf-l5)}
    @media(max-width:40rem){.wf-long{display:block}.wf-months{gap:.35rem .5rem}.wf-sparks .wf-n{padding-right:.4rem}}
    @media print{.wf,.wf-bar,.wf-year,.wf-table tr{break-inside:avoid}.wf{max-width:none}\
    .wf svg{print-color-adjust:exact;-webkit-print-color-adjust:exact}.wf-scroll{overflow:visible}\
    .wf-more::details-content{content-visibility:visible;height:auto;display:block}}
    """
}
