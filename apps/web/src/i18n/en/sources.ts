/** What the first page says about pieces of one's own; what is said once one is there: `table.ts`. */
export const sources = {
  sources: {
    heading: "Mash up music of your own",
    invite: "Drop a file anywhere on this page: MIDI, MusicXML or ABC.",
    inviteTouch: "MIDI, MusicXML or ABC, up to 5 MB.",
    letGo: "Let go: it is read on the spot.",
    choose: "Choose files",
    before: "Brought before",
    whoseFirst: "Say first whose music the files are, or take them off the list.",
    readFirst: "One moment: the files are still being read.",
    suggest: {
      one: "“{{title}}” as jazz and hip-hop, 45 minutes",
      two: "“{{title}}” as country and electronic music for beginners",
      three: "“{{title}}” as blues and classical, one lesson",
    },
  },
};
