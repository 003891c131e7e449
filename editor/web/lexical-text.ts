/**
 * What Lexical does with the text of the whole document at each key, in less time.
 *
 * With every change Lexical (0.52.0, `$reconcileChildren`) puts the text of all blocks together anew, two strings for each:
 * a millisecond among 3,000 blocks and, which is worse, 6,000 strings that live until the next key, so that every tenth or
 * so waits for a garbage collection. Here the texts of 32 blocks are kept as one, and only those of the changed ones
 * are put together again; while no block comes, goes or moves, only the changed ones are looked at. The result is the same text.
 *
 * Rule: Lexical's sources are changed in the pages that we build, in this one place, or the build fails.
 */
import type { Plugin } from 'vite'

/**
 * Where `$reconcileChildren` begins to tell whether the children are the same as before, in the same order. What we change, and
 * behind it all that every name that ours uses has to be what it was.
 */
const ANCHOR =
  'const r=$e,i=t.__size,s=n.__size;$e="";const l=o.element,c=Re._keyToDOMMap.get(n.__key);void 0===c&&e(351,n.__key);' +
  'const a=s-i;if(!sn&&Math.abs(a)<=1&&i>=Ke&&t.__first===n.__first&&(0!==a||!Re._cloneNotNeeded.has(t.__key)))' +
  '{const i=c.__lexicalTextContent,u=nn.get(t.__key);'
const BRANCH =
  'if(0===a){let n=t.__first,o=0;for(;null!==n;){const t=tn.get(n);if(void 0===t)break;' +
  'const r=sn||Xe.has(n)||Ge.has(n),i=Je();if(r)En(n,l);else{let o,r;if(yl(t)){r=en.get(n);' +
  'const i=r&&r.__lexicalTextContent;"string"!=typeof i&&e(354,t.getType()),o=i}else o=t.getTextContent();' +
  '$e+=o,void 0!==r&&qe(r)}ki(t)?null===je&&(je=t.getFormat(),Ue=t.getStyle(),Ve=t.__key):' +
  'yl(t)&&o<s-1&&!t.isInline()&&($e+=A),He(i),n=t.__next,o++}' +
  'return c.__lexicalTextContent=$e,c.__lexicalFirstTextKey=Ve,void($e=r+$e)}'

/** Ours goes between these two halves of the first. */
const AT = 'const a=s-i;'

/**
 * In Lexical's own names: `t` is the root before and `n` after, `c` and `l` are its element, `s` is how many children it has, `i`
 * how many it had, `r` the text before it, `$e` that of what was drawn last, `tn` the nodes, `en` their elements before, `Xe` and
 * `Ge` what has changed, `nn` the same by parent, `sn` whether all is drawn anew; `En` draws a node, `Je` and `He` keep the format
 * of the first text, `qe` takes it from an element, `A` is between blocks.
 *
 * `places` is the place of each block in the order that the pieces have; what else happens to the children forgets it.
 */
const OURS = `if("root"===n.__key){
  if(sn||0!==a||i<Ke||t.__first!==n.__first||Re._cloneNotNeeded.has("root"))c.__weftPlaces=void 0;
  else{
    const pieces=c.__weftPieces??=[];
    const put=(key,node,at)=>{
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
      const piece=pieces[at>>5]??={texts:[]},place=2*(at%32),between=yl(node)&&at<s-1&&!node.isInline()?A:"";
      if(piece.texts[place]!==own||piece.texts[place+1]!==between){
        piece.texts[place]=own;piece.texts[place+1]=between;piece.text=void 0;
      }
    };
    const dirty=[...nn.get("root")??[]];
    let places=c.__weftPlaces,at=0,key=t.__first;
    if(void 0===places||dirty.some(key=>!places.has(key))){
      c.__weftPlaces=void 0;
      places=new Map;
      for(;null!==key;at++){
        const node=tn.get(key);
        if(void 0===node)break;
        put(key,node,at);
        places.set(key,at);
        key=node.__next;
      }
      pieces.length=Math.ceil(at/32);
      for(const[index,piece]of pieces.entries()){
        const size=2*Math.min(32,at-32*index);
        if(piece.texts.length!==size)piece.texts.length=size,piece.text=void 0;
      }
      c.__weftPlaces=places;
    }else{
      for(;null!==key&&null===Ve;at++){
        const node=tn.get(key);
        put(key,node,at);
        key=node.__next;
      }
      for(const key of dirty.sort((one,other)=>places.get(one)-places.get(other)))
        if(places.get(key)>=at)put(key,tn.get(key),places.get(key));
    }
    let text="";
    for(const piece of pieces)text+=piece.text??=piece.texts.join("");
    c.__lexicalTextContent=text;c.__lexicalFirstTextKey=Ve;
    return void($e=r+text);
  }
}`

export function lexicalText(): Plugin {
  const changed = new Set<string>()
  const other = 'Lexical is not what lexical-text.ts was written for: see there'
  return {
    name: 'weft-lexical-text',
    transform: {
      filter: { id: /\/lexical\/dist\/Lexical\.prod\.js$/ },
      handler(code) {
        if ([ANCHOR, BRANCH].some((part) => code.split(part).length !== 2)) this.error(other)
        changed.add(this.environment.name)
        return { code: code.replace(ANCHOR, () => ANCHOR.replace(AT, () => AT + OURS)), map: null }
      },
    },
    buildEnd(failed) {
      const { name } = this.environment
      if (failed === undefined && name !== 'worker' && !changed.has(name)) this.error(other)
    },
  }
}
