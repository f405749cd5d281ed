/** A line of tracefs without names, numbers and times, so that the texts of two machines can be compared. */
export function formOf(line: string): string {
  return line
    .replace(/^ *(?:<\.\.\.>|[\w./:]+)-\d+ +/, 'TASK ')
    .replace(/^TASK \((?:-+| *\d+)\) /, 'TASK TGID ')
    .replace(/\[\d{3}\] [.\w]{5} /, '[CPU] FLAGS ')
    .replace(/^(TASK )\d[.\w]{5} /, '$1CPU FLAGS ')
    .replace(/ *\d+us[ +!#*@$]:/, ' TIME us:')
    .replace(/(^|\) |\| )[ $@*#!+]? *\d+\.\d{3} us +\|/, '$1DURATION |')
    .replace(/(latency trace v\S+ on) \S+$/, '$1 RELEASE')
    .replace(/^ => \S+/, ' => NAME')
    .replace(/[\w.]+(\+0x[0-9a-f]+\/0x[0-9a-f]+| <[0-9a-f]{5,16}>)/g, 'NAME+OFFSET')
    .replace(/(^ *\d+\) +)[\w.]+-\d+ +\|/, '$1TASK |')
    .replace(/0x[0-9a-f]+/g, 'NUMBER')
    .replace(/\b[0-9a-f]{5,16}\b/g, (word) => (/\d/.test(word) ? 'NUMBER' : word))
    .replace(/\d+(?:\.\d+)?/g, 'NUMBER')
    .replace(/<-[\w.]+/g, '<-NAME')
    .replace(/(: |^)[a-z_]\w*(?=(?:\(.*\))? <-NAME)/, '$1NAME')
    .replace(/\w+\((?=[^)]*\)(?:;| \{))/g, 'NAME(')
    .replace(/\/\* \w+ \*\//, '/* NAME */')
    .replace(/ +/g, ' ')
    .trimEnd();
}
