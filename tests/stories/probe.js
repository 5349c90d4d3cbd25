// What stands on the screen, and what is wrong with it: evaluated in the page, read by screen.py.
() => {
    const all = (selector, root = document) => [...root.querySelectorAll(selector)]
    const closedMenu = all('[data-testid=stSidebar]').find(menu => menu.getBoundingClientRect().width <= 1)
    const seen = element => {
        const box = element.getBoundingClientRect()
        return box.width > 1 && box.height > 1 && !closedMenu?.contains(element) && element.checkVisibility({opacityProperty: true, visibilityProperty: true})
    }
    const said = element => (element.textContent || element.getAttribute('aria-label') || element.tagName).trim().slice(0, 90)
    const tooWide = element => element.scrollWidth > element.clientWidth + 1
    const isIcon = element => element.closest('[data-testid=stIconMaterial], [data-testid=stMarkdownMaterialIcon]')
    const textNodes = root => {
        const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT), found = []
        while (walker.nextNode()) if (walker.currentNode.data.trim() && !isIcon(walker.currentNode.parentElement)) found.push(walker.currentNode)
        return found
    }
    const boxOf = node => { const range = document.createRange(); range.selectNodeContents(node); return range.getBoundingClientRect() }
    const within = (box, frame, slack) => box.left >= frame.left - slack && box.right <= frame.right + slack
        && box.top >= frame.top - slack && box.bottom <= frame.bottom + slack
    const cutIn = element => textNodes(element)
        .filter(node => seen(node.parentElement) && !within(boxOf(node), element.getBoundingClientRect(), 3))

    const errors = all('[data-testid=stException], [data-testid=stAlertContentError], [data-testid=stConnectionStatus], [role=dialog]')
        .filter(seen).map(said)
    if (closedMenu && closedMenu.getBoundingClientRect().left >= 0 && closedMenu.getBoundingClientRect().left < innerWidth)
        errors.push('the closed menu lies over the page')

    const titles = 'h1, h2, h3, h4, h5, h6, label, label *, button, [role=tab], nav a, header a, th, [data-tag], '
        + '[data-testid=stMetricLabel] *, [data-testid=stMetricValue], [data-testid=stMetricValue] *, [data-testid=stMetricDelta]'
    const clipped = all(titles).filter(seen).flatMap(cutIn).map(node => node.data.trim())
    const charts = all('.js-plotly-plot').filter(seen)
    const overlapping = []
    const covers = (a, b) => {
        const width = Math.min(a.right, b.right) - Math.max(a.left, b.left), height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
        return width > 2 && height > 3 && width * height > 0.2 * Math.min(a.width * a.height, b.width * b.height)
    }
    for (const chart of charts) {
        const frame = chart.getBoundingClientRect()
        const labels = all('svg text', chart).filter(seen).map(text => [said(text), text.getBoundingClientRect()])
        clipped.push(...labels.filter(([, box]) => !within(box, frame, 2)).map(([words]) => `${words} (in a chart)`))
        labels.forEach(([words, box], place) => overlapping.push(...labels.slice(place + 1)
            .filter(([others, other]) => others !== words && covers(box, other)).map(([others]) => `${words} / ${others}`)))
    }

    const sideways = [document.documentElement, ...all('[data-testid=stMain], [data-testid=stMainBlockContainer]')]
        .filter(tooWide).map(element => `${element.dataset.testid || element.tagName}: ${element.scrollWidth} px in ${element.clientWidth}`)

    const marks = '.barlayer .point path, .scatterlayer .trace path, .scatterlayer .trace text, .choroplethlayer path, '
        + '.geolayer .trace path, .heatmaplayer image, .pielayer path'
    const drawn = mark => { const box = mark.getBoundingClientRect(); return box.width > 0.5 || box.height > 0.5 }
    const empty_charts = charts.filter(chart => !all(marks, chart).some(drawn))
        .map(chart => chart.closest('[role=figure]')?.getAttribute('aria-label') || said(chart))

    const texts = []
    for (const node of textNodes(document.body))
        if (!node.parentElement.closest('script, style, noscript, code') && seen(node.parentElement)) texts.push(node.data.trim())
    for (const name of ['aria-label', 'placeholder', 'title', 'alt']) {
        const named = all(`[data-testid=stMain] [${name}]`).filter(seen)
        texts.push(...named.map(element => element.getAttribute(name).trim()).filter(Boolean))
    }

    const {lang, dir} = document.documentElement
    return {errors, clipped, overlapping, sideways, empty_charts, charts: charts.length, texts, language: lang, direction: dir}
}
