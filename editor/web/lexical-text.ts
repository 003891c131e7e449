/**
 * What Lexical does with the text of the whole document at each key, in less time.
 *
 * With every change Lexical (0.52.0, `$reconcileChildren`) puts the text of all blocks together anew, two strings for each:
 * a millisecond among 3,000 blocks and, which is worse, 6,000 strings that live until the next key, so that every tenth or
 * so waits for a garbage collection. Here the texts of 32 blocks are kept as one, and only those of the changed ones
 * are put together again. The result is the same text.
 *
 * Rule: Lexical's sources are changed in the pages that we build, in this one place, or the build fails.
 */
import type { Plugin } from 'vite'

/**
 * The branch of `$reconcileChildren` for children that are the same as before; ours goes in front of it. All of it, so that
 * every name that ours uses is what it was.
 */
const BRANCH =
  'if(0===a){let n=t.__first,o=0;for(;null!==n;){const t=tn.get(n);if(void 0===t)break;' +
  'const r=sn||Xe.has(n)||Ge.has(n),i=Je();if(r)En(n,l);else{let o,r;if(yl(t)){r=en.get(n);' +
  'const i=r&&r.__lexicalTextContent;"string"!=typeof i&&e(354,t.getType()),o=i}else o=t.getTextContent();' +
  '$e+=o,void 0!==r&&qe(r)}ki(t)?null===je&&(je=t.getFormat(),Ue=t.getStyle(),Ve=t.__key):' +
  'yl(t)&&o<s-1&&!t.isInline()&&($e+=A),He(i),n=t.__next,o++}' +
  'return c.__lexicalTextContent=$e,c.__lexicalFirstTextKey=Ve,void($e=r+$e)}'

/**
 * In Lexical's own names: `t` is the root, `c` and `l` are its element, `s` is how many children it has, `r` is the text
 * before it, `$e` that of what was drawn last, `tn` the nodes, `en` their elements before, `Xe` and `Ge` what has changed;
 * `En` draws a node, `Je` and `He` keep the format of the first text, `qe` takes it from an element, `A` is between blocks.
 */
const OURS = `if(0===a&&"root"===t.__key){
  const pieces=c.__weftPieces??=[];
  let text="",at=0,piece;
  const close=()=>{
    const size=2*(1+(at-1)%32);
    if(piece.texts.length!==size)piece.texts.length=size,piece.text=void 0;
    text+=piece.text??=piece.texts.join("");
  };
  for(let key=t.__first;null!==key;at++){
    const node=tn.get(key);
    if(void 0===node)break;
    let own;
    if(Xe.has(key)||Ge.has(key)){
      const first=Je();
      $e="";En(key,l);own=$e;
      He(first);
    }else if(yl(node)){
      const element=en.get(key);
      own=element&&element.__lexicalTextContent;
      "string"!=typeof own&&e(354,node.getType());
      null===Ve&&qe(element);
    }else own=node.getTextContent();
    const place=2*(at%32);
    if(0===place){
      if(at>0)close();
      piece=pieces[at/32]??={texts:[]};
    }
    const between=yl(node)&&at<s-1&&!node.isInline()?A:"";
    if(piece.texts[place]!==own||piece.texts[place+1]!==between){
      piece.texts[place]=own;piece.texts[place+1]=between;piece.text=void 0;
    }
    key=node.__next;
  }
  if(at>0)close();
  pieces.length=Math.ceil(at/32);
  c.__lexicalTextContent=text;c.__lexicalFirstTextKey=Ve;
  return void($e=r+text);
}`

export function lexicalText(): Plugin {
  const changed = new Set<string>()
  const other = 'Lexical is not what lexical-text.ts was written for: see there'
  return {
    name: 'weft-lexical-text',
    transform: {
      filter: { id: /\/lexical\/dist\/Lexical\.prod\.js$/ },
      handler(code) {
        if (code.split(BRANCH).length !== 2) this.error(other)
        changed.add(this.environment.name)
        return { code: code.replace(BRANCH, () => OURS + BRANCH), map: null }
      },
    },
    buildEnd(failed) {
      const { name } = this.environment
      if (failed === undefined && name !== 'worker' && !changed.has(name)) this.error(other)
    },
  }
}
