import { strict as assert } from 'node:assert';
import { traceText } from '../../extension/trace-view/trace-text';

describe('the text of a trace document', () => {
  const header = '# tracer: function\n#\n';

  it('is the header and the lines', () => {
    assert.equal(traceText({ header, lines: ['one', 'two'], first: 0, next: 2 }), '# tracer: function\n#\none\ntwo\n');
  });

  it('says how many lines were left out', () => {
    assert.equal(
      traceText({ header, lines: ['last'], first: 1_234_567, next: 1_234_568 }),
      '# tracer: function\n#\n# 1,234,567 earlier lines are not shown\nlast\n',
    );
  });

  it('is the header alone where nothing was traced', () => {
    assert.equal(traceText({ header, lines: [], first: 0, next: 0 }), '# tracer: function\n#\n');
  });
});
