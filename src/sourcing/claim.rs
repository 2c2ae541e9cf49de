//! Claims that the author cannot simply know, with nobody to vouch for them.
//!
//! A newspaper may say by itself what happened before everybody's eyes. What was done in
//! secret, on whose orders, for what favour and with what motive, somebody must have told it;
//! so these are the claims that are looked for, by the words that such claims are made with.
//! The model's check-worthiness was tried beside them and helps nothing: it is of debates,
//! and marks plain background as well (precision 0.2 alone, on `corpora/sourcing/dev`).
//!
//! A preview: on the partisan articles of `corpora/sourcing` most are right, on real news, read
//! by hand, one in three.

use std::sync::LazyLock;

use regex::Regex;

use super::{Claim, finding, matches, number};
use crate::finding::Finding;
use crate::voice::SentenceVoice;

/// What such claims are made with, by what is hidden from the reader.
static HIDDEN: LazyLock<Regex> = LazyLock::new(|| {
    let secrecy = r"secretly|in\ssecret|quietly|behind\s(?:closed|locked)\sdoors|behind\sthe\sscenes|covertly|clandestinely|surreptitiously|off\sthe\sbooks|under\sthe\stable|shell\scompan(?:y|ies)|front\scompan(?:y|ies)|front\sfor|keep(?:ing)?\s(?:quiet|silent)|kept\s(?:quiet|silent|hidden|dark|it\sfrom)|hush\smoney|in\sa\sdrawer|in\s(?:its|his|her|their)\ssafe|(?:secret|intelligence|security)\sservices?|spies|slipped\s(?:in|into|through)|smuggl(?:ed|ing)|(?:been|was|were|had|have|has)\sforged|forged\s(?:the|papers|documents)|doctored|falsified|fabricated|fak(?:ed|ing)|cover(?:ed|ing)?\s(?:it\s|this\s)?up|cover-up|hushed\sup|held\sback|withheld|struck\sout|shredded|destroyed\sthe\s(?:evidence|files|papers|records)|suppress(?:ed|ing)|buried\s(?:the|it|its)|raid(?:ed|ing)\sthe|siphon(?:ed|ing)|launder(?:ed|ing)|embezzl(?:ed|ing)|skimm(?:ed|ing)|rigged|hand-picked|without\s(?:telling|informing|the\sknowledge)|knew\snothing|nobody\shas\stold|nobody\swas\stold|unbeknownst?|never\s(?:told|disclosed|declared|published)|conceal(?:ed|ing)|(?:had|has|have)\shidden|hid\s(?:the|its|his|her|their|from)|unreported|undeclared|undisclosed|wiretapp?(?:ed|ing)|spied|spying|listen(?:ed|ing)\sin\son|conspir(?:ed|ing)|plott?(?:ed|ing)|collud(?:ed|ing)|in\scahoots|infiltrat(?:ed|ing)";
    let favours = r"in\s(?:return|exchange)\sfor|(?:been|was|were)\spromised|promised\s(?:him|her|them)\s|trad(?:ed|ing)\saway|bought\s(?:off|the\ssilence)|bribed|bribing|kickbacks?|backhanders?|brown\senvelopes?|blackmail(?:ed|ing)?|paid\soff|paid\sfor\s(?:by|the)|on\s(?:the|its|his|their)\spayroll|draws?\sa\ssalary|drawn?\sa\ssalary|money\sfrom|(?:has|have|had)\soffered|(?:has|have|had)\salready\s(?:agreed|decided|signed|traded|made\sup|chosen|picked|sold|bought|been\s(?:agreed|decided|promised|told|chosen|sold|picked|drawn\sup|written))|agreed\s(?:terms|to\shand|to\ssell|to\skeep|in\sadvance)|an\soption\son|sold\soff|g[ai]ven?\s(?:it\s)?away|giving\saway|(?:been|was|were)\s(?:buying\sup|selling)|struck\sa\s(?:deal|bargain)|deal\swas\s(?:struck|done|sealed)|bankroll(?:ed|s|ing)?|financed\sby|funded\sby|pocket(?:ed|ing)|lined\s(?:his|her|their)\s(?:own\s)?pockets|as\sa\sreward\sfor|owed?\s(?:him|her|them)\sa\sfavou?r|cronies";
    let orders = r"(?:had|has|have|who)\sordered|ordered\s(?:the|his|her|its|their|that)|orders?\scame\sfrom|on\s(?:the\s)?orders\s(?:of|from)|on\s(?:his|her|their|its)\sorders|(?:has|have|had)\s(?:its|their|his|her)\sorders|at\sthe\s(?:request|behest|urging|bidding)\sof|instructed\s(?:the|his|her|its|their)|instructions\s(?:from|to)|threatened\s(?:with|her|him|them)|(?:was|were|been)\s(?:pushed|forced|squeezed|eased|leaned|hounded|driven)\s(?:out|on)|(?:was|were|been)\s(?:drafted|drawn\sup|dictated|ghost-?written)\sby|drafted\sthe|dictated\sthe|set\s(?:it|them|him)\sup|handed\slists|pressing\sthe|lean(?:ed|ing)\son\sthe|over\sthe\sheads\sof|(?:was|were|been)\s(?:told|instructed|ordered|warned\soff)\s(?:to|not\sto)|pull(?:s|ed|ing)?\sthe\sstrings|(?:has|have|had)\sbeen\ssent\s(?:for|to)|puppet\smasters?|mastermind(?:ed|ing)?|orchestrat(?:ed|ing)|engineer(?:ed|ing)\sthe|masquerad(?:ed|ing)|groomed|coach(?:ed|ing)\sthe";
    let motives = r"because\s(?:he|she|it|they)\s(?:would\snot|had\srefused|refused|wanted|wants|want|needed|needs|knew|knows|feared|fears|owed?s?|had\sto\sbe)|[Tt]o\ssave\s(?:his|her|its|their|himself|herself|themselves)|[Ff]or\sthe\ssake\sof|[Tt]he\s(?:real|true)\s(?:reason|aim|purpose|target|motive|goal|object|quarrel|story)|[Ii]n\s(?:truth|reality)\b|really\s(?:about|wants?|after|to)|(?:is|are|was|were)\safter\s(?:the|its|his|her|their|\p{Lu})|means\sto\s(?:run|take|sell|break|close|drive|push|keep|use)|plans\sto|(?:is|are|was|were)\splanning\sto|intends?\sto|(?:is|are)\sto\sbe\s(?:its|the|his|her|their)|needs?\s(?:it|cash|money)\s|depended\son|[Bb]ehind\s\w+\sstands|[Tt]he\s(?:aim|goal|purpose|idea|plan)\s(?:is|was)|(?:is|are)\s(?:already\s)?being\s(?:kept|fitted|prepared|readied|groomed|lined\sup|drawn\sup)|(?:is|are)\salready\s(?:preparing|planning|working|looking|in\stalks)|knew\s(?:of|about|that|all)|(?:had|has|have)\s(?:long\s|always\s|already\s)?known|hungers?\sfor|covets?|coveted|has\sits\seyes?\son|in\sa\sbid\sto|to\sdistract|to\sdivert\sattention|pretext|calculated\sto|designed\sto\s(?:weaken|divide|silence|punish|hide|break|keep|buy)";
    super::pattern(&format!(r"\b(?:{secrecy}|{favours}|{orders}|{motives})\b"))
});

/// What readers can see for themselves, or the author says of its own: questions, wishes.
static OPEN: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(
        r"\?$|^(?:I|We|You|Let)\b|\b(?:I|we|you|let\sus)\s(?:want|hope|plan|intend|mean|know|fear)|\b(?:if|whether|may|might|perhaps|should|would|could|can)\b|\bin\spublic\b|\bpublicly\b|\bvoted?\b|\bthe\ssecret\s(?:of|to|is)\b|\bsecret\s(?:ballot|ingredient|garden)",
    )
});

/// A claim of `claims[at]` about what is hidden, when nothing in the sentence says who told.
pub(super) fn unattributed(claims: &[Claim<'_>], at: usize) -> Option<Finding> {
    let claim = &claims[at];
    let words = claim.sentence.span.of(claim.speech.text);
    let told = claim
        .attributions
        .iter()
        .any(|a| a.source_kind.can_be_asked() && !a.content.is_empty() && !a.cue.is_empty());
    if claim.voice != SentenceVoice::Author
        || claim.linked
        || told
        || number::names_document(claim)
        || OPEN.is_match(words)
    {
        return None;
    }
    let evidence = matches(claim, &HIDDEN);
    let first = evidence.first()?.of(claim.speech.text);
    let message = format!("“{first}”: somebody must have told it, and the reader is not told who");
    Some(finding(claim, "unattributed-claim", evidence, message))
}
