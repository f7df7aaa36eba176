//! Words divided as printed music and dictionaries divide them.

use super::*;
use crate::english::pronounce;

fn divided(word: &str) -> String {
    let mut cuts = cuts(word, &pronounce(word));
    cuts.push(word.len());
    let mut at = 0;
    let mut pieces = Vec::new();
    for cut in cuts {
        pieces.push(&word[at..cut]);
        at = cut;
    }
    pieces.join("-")
}

/// Checked by hand against Merriam-Webster's divisions, each word from the lyrics that the program writes (where the
/// dictionary parts no single letter, as in "a-gain", singers must).
const PRINTED: &str = "
    sum-mer mid-night walk-ing run-ning fall-ing danc-ing riv-er nev-er mo-ment mu-sic a-gain hap-py ta-ble lit-tle
    sim-ple can-dle sun-shine some-thing won-der-ful gui-tar pi-an-o po-et li-on po-ta-to be-gin be-gin-ning hor-i-zon
    to-geth-er re-mem-ber har-mo-ny mel-o-dy au-di-ence out-side sing-er fin-ger mead-ow yel-low shad-ow an-oth-er
    moun-tain wait-ed vi-o-lin trum-pet or-ches-tra ex-am-ple buck-et grand-moth-er tel-e-phone i-de-a qui-et sci-ence
    plan-et u-ni-verse sat-el-lite
    feel-ing beat-ing bend-ing keep-ing lean-ing leak-ing paint-ing sleep-ing stand-ing start-ing shoot-ing warm-ing
    warn-ing burn-ing mend-ing morn-ing march-ing ceil-ing dar-ling drum-ming hum-ming let-ting set-ting step-ping
    skip-ping tap-ping zip-ping wed-ding sap-ling sam-pling bless-ing sell-ing build-ing go-ing ly-ing noth-ing
    bak-er danc-er writ-er mark-er shak-er wid-er old-er old-est deep-er cold-est strang-er lat-er paint-ed fold-ed
    fad-ed end-ed plant-ed fac-es plac-es voic-es pag-es piec-es danc-es dish-es ham-mers let-ters lin-gers cor-ner
    cor-ners quar-ter shoul-der num-ber hun-gry fa-ther moth-er broth-er far-ther wa-ter win-ter af-ter
    cloud-y might-y rain-y rust-y storm-y par-ty ear-ly cit-y stead-y read-y la-zy
    fall-en gold-en wood-en length-en fright-ened kitch-en gar-den o-pen sev-en bro-ken fro-zen
    east-ern west-ern north-ern pat-tern lan-tern safe-ly lone-ly love-ly slow-ly real-ly kind-ness free-dom hand-ful
    ar-rive hur-ry wor-ry cur-rent bor-row car-ry mir-ror vi-sion tra-di-tion am-bi-tion pre-cious na-tion
    con-stel-la-tion per-mis-sion sta-tion could-n't would-n't does-n't need-n't is-n't nee-dle lis-ten lis-tened
    whis-tle whis-tled cas-tle bull-frogs cross-walk up-side back-beat song-writ-er hand-writ-ing grand-fa-ther
    with-out with-in be-yond for-est or-ange he-ro har-vest splin-ter ev-ery-bod-y's ev-ery-one's fire's flour
    be-hav-ior di-rec-tions e-lec-tron-ic cook-ie wait-ress tam-bou-rine ca-reer fid-dler
";

#[test]
fn words_are_divided_as_printed_music_divides_them() {
    let mut wrong = Vec::new();
    for printed in PRINTED.split_whitespace() {
        let found = divided(&printed.replace('-', ""));
        if found != printed {
            wrong.push(format!("{found} for {printed}"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}
