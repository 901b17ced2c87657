//! From the nodes of an export to messages: what is not shown is passed over, pieces of one answer
//! become one message, and every question has an answer below it that one can go on from.

use std::collections::{HashMap, HashSet, hash_map::Entry};

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::{End, Message, Role, sangam, value::list};

/// What a node is to a reader.
#[derive(Debug)]
pub(crate) enum Part {
    /// Nothing: a tool's call, a hidden instruction.
    Hidden,
    /// What a model thinks, which belongs to the answer below it.
    Thought(String),
    /// A message.
    Shown(Draft),
}

/// A message without its place.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) role: Role,
    pub(crate) end: End,
    pub(crate) content: String,
    pub(crate) reasoning: Option<String>,
    pub(crate) model: Option<String>,
    pub(crate) facts: Option<Box<sangam::Facts>>,
}

/// A node of an export.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) id: String,
    pub(crate) parent: Option<String>,
    pub(crate) at: Option<DateTime<Utc>>,
    pub(crate) part: Part,
}

/// The objects of a map, each with its name and the name of the one above it, in the order in which
/// those above list them. `up` and `down` name the fields; either is enough.
pub(crate) fn ordered<'a>(
    objects: &'a Map<String, Value>,
    up: &str,
    down: &str,
) -> Vec<(&'a str, Option<&'a str>, &'a Value)> {
    let mut above: HashMap<&str, &str> = HashMap::new();
    let mut below: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut place = |child: &'a str, parent: &'a str| {
        if let Entry::Vacant(entry) = above.entry(child) {
            entry.insert(parent);
            below.entry(parent).or_default().push(child);
        }
    };
    for (name, object) in objects {
        for child in list(&object[down]).iter().filter_map(Value::as_str) {
            // A list that contradicts what the child says is not believed.
            let says = objects.get(child).and_then(|child| child[up].as_str());
            if objects.contains_key(child) && says.is_none_or(|says| says == name) {
                place(child, name);
            }
        }
    }
    for (name, object) in objects {
        if let Some((parent, _)) = object[up].as_str().and_then(|up| objects.get_key_value(up)) {
            place(name, parent);
        }
    }
    let mut order = Vec::with_capacity(objects.len());
    let mut seen: HashSet<&str> = HashSet::new();
    let roots = objects.keys().map(String::as_str);
    // Those in a circle come last, for whoever finds it.
    let (roots, others): (Vec<&str>, Vec<&str>) = roots.partition(|name| !above.contains_key(name));
    for name in roots.into_iter().chain(others) {
        let mut steps = vec![name];
        while let Some(name) = steps.pop() {
            let Some((name, object)) = objects.get_key_value(name).filter(|_| seen.insert(name))
            else {
                continue;
            };
            order.push((name.as_str(), above.get(name.as_str()).copied(), object));
            let children = below.get(name.as_str()).map_or(&[][..], Vec::as_slice);
            steps.extend(children.iter().rev());
        }
    }
    order
}

/// The messages of a tree, and the one that was looked at.
pub(crate) type Tree = (Vec<Message>, Option<usize>);

/// Makes messages of nodes. With `joins`, an answer that goes on in the only node below it is one.
pub(crate) fn messages(
    nodes: Vec<Node>,
    current: Option<&str>,
    joins: bool,
) -> Result<Tree, String> {
    let mut places: HashMap<String, usize> = HashMap::with_capacity(nodes.len());
    for (place, node) in nodes.iter().enumerate() {
        places.entry(node.id.clone()).or_insert(place);
    }
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    let mut roots = Vec::new();
    for (place, node) in nodes.iter().enumerate() {
        // A second node of the same name is a copy.
        if places.get(&node.id) != Some(&place) {
            continue;
        }
        let parent = node.parent.as_ref().and_then(|parent| places.get(parent));
        match parent.and_then(|parent| below.get_mut(*parent)) {
            Some(children) => children.push(place),
            None => roots.push(place),
        }
    }
    let mut walk = Walk {
        messages: Vec::new(),
        shown: vec![None; nodes.len()],
        joins,
    };
    let reached = walk.through(nodes, &below, roots);
    if reached < places.len() {
        return Err("Its messages form a circle.".to_owned());
    }
    let leaf = current.and_then(|id| places.get(id));
    let leaf = leaf.and_then(|place| walk.shown.get(*place).copied().flatten());
    let mut messages = walk.messages;
    let leaf = answered(&mut messages, leaf);
    Ok((messages, leaf))
}

struct Walk {
    messages: Vec<Message>,
    /// The message that a node is part of, or stands below.
    shown: Vec<Option<usize>>,
    joins: bool,
}

/// A node whose turn it is.
struct Step {
    place: usize,
    /// The message above it.
    above: Option<usize>,
    /// What was thought above it and belongs to nobody yet.
    thought: Option<String>,
    /// Nothing branches off between the message above and this node.
    is_only: bool,
}

impl Walk {
    /// Goes down from the roots, parents first; tells how many nodes there were on the way.
    fn through(&mut self, nodes: Vec<Node>, below: &[Vec<usize>], roots: Vec<usize>) -> usize {
        let mut nodes: Vec<Option<Node>> = nodes.into_iter().map(Some).collect();
        let begin = |place| Step {
            place,
            above: None,
            thought: None,
            is_only: false,
        };
        let mut steps: Vec<Step> = roots.into_iter().rev().map(begin).collect();
        let mut reached = 0;
        while let Some(step) = steps.pop() {
            let Some(node) = nodes.get_mut(step.place).and_then(Option::take) else {
                continue;
            };
            reached += 1;
            let place = step.place;
            let (above, mut thought, is_only) = self.take(step, node);
            if let Some(shown) = self.shown.get_mut(place) {
                *shown = above;
            }
            let children = below.get(place).map_or(&[][..], Vec::as_slice);
            let is_only = is_only && children.len() == 1;
            // A thought goes to the first branch: it is not copied to every other.
            let mut next: Vec<Step> = children
                .iter()
                .map(|place| Step {
                    place: *place,
                    above,
                    thought: thought.take(),
                    is_only,
                })
                .collect();
            next.reverse();
            steps.append(&mut next);
        }
        reached
    }

    /// The message that stands above the node's children, what is still only thought, and whether
    /// nothing has branched off since.
    fn take(&mut self, step: Step, node: Node) -> (Option<usize>, Option<String>, bool) {
        let draft = match node.part {
            Part::Hidden => return (step.above, step.thought, step.is_only),
            Part::Thought(thought) => {
                let thought = joined(step.thought, Some(thought));
                return (step.above, thought, step.is_only);
            }
            Part::Shown(draft) => draft,
        };
        let is_answer = draft.role == Role::Assistant;
        let (own, left) = if is_answer {
            (joined(step.thought, draft.reasoning), None)
        } else {
            (draft.reasoning, step.thought)
        };
        let is_empty = draft.content.trim().is_empty() && own.is_none();
        if is_empty && draft.end != End::Failed && draft.facts.is_none() {
            return (step.above, left, step.is_only);
        }
        let above = step.above.and_then(|above| self.messages.get_mut(above));
        if let Some(above) = above
            && self.joins
            && step.is_only
            && is_answer
            && above.role == Role::Assistant
        {
            above.content = joined(
                Some(std::mem::take(&mut above.content)),
                Some(draft.content),
            )
            .unwrap_or_default();
            above.reasoning = joined(above.reasoning.take(), own);
            above.model = draft.model.or(above.model.take());
            above.end = draft.end;
            return (step.above, left, true);
        }
        let above_at = step
            .above
            .and_then(|above| self.messages.get(above)?.created_at);
        self.messages.push(Message {
            parent: step.above,
            role: draft.role,
            end: draft.end,
            content: draft.content,
            reasoning: own,
            model: draft.model,
            created_at: node.at.or(above_at),
            facts: draft.facts,
        });
        (Some(self.messages.len() - 1), left, true)
    }
}

/// Both texts with an empty line between them.
fn joined(first: Option<String>, second: Option<String>) -> Option<String> {
    let is_text = |text: &String| !text.trim().is_empty();
    match (first.filter(is_text), second.filter(is_text)) {
        (Some(mut first), Some(second)) => {
            first.push_str("\n\n");
            first.push_str(&second);
            Some(first)
        }
        (first, second) => first.or(second),
    }
}

/// Puts an empty answer below every question that has none, so that one can go on from there, and
/// gives back the leaf at or below the message that was looked at: the newest, if none was.
fn answered(messages: &mut Vec<Message>, looked_at: Option<usize>) -> Option<usize> {
    let mut has_answer = vec![false; messages.len()];
    for message in messages.iter() {
        if let Some(parent) = message.parent.and_then(|parent| has_answer.get_mut(parent)) {
            *parent = true;
        }
    }
    let questions = has_answer.iter().zip(messages.iter()).enumerate();
    let alone: Vec<(usize, Option<DateTime<Utc>>)> = questions
        .filter(|(_, (has_answer, message))| !**has_answer && message.role == Role::User)
        .map(|(place, (_, message))| (place, message.created_at))
        .collect();
    for (place, created_at) in alone {
        messages.push(Message {
            parent: Some(place),
            role: Role::Assistant,
            end: End::Stopped,
            created_at,
            ..Message::default()
        });
    }
    // The last child of each message: children stand behind their parents.
    let mut last_below: Vec<Option<usize>> = vec![None; messages.len()];
    for (place, message) in messages.iter().enumerate() {
        let parent = message.parent.and_then(|parent| last_below.get_mut(parent));
        if let Some(last) = parent {
            *last = Some(place);
        }
    }
    let newest = || {
        let dated = messages.iter().enumerate();
        dated
            .max_by_key(|(place, message)| (message.created_at, *place))
            .map(|(place, _)| place)
    };
    let mut leaf = looked_at.or_else(newest)?;
    while let Some(below) = last_below.get(leaf).copied().flatten() {
        leaf = below;
    }
    Some(leaf)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(id: &str, parent: Option<&str>, part: Part) -> Node {
        Node {
            id: id.to_owned(),
            parent: parent.map(str::to_owned),
            at: None,
            part,
        }
    }

    fn said(role: Role, content: &str) -> Part {
        Part::Shown(Draft {
            role,
            content: content.to_owned(),
            ..Draft::default()
        })
    }

    fn lines(tree: &Tree) -> Vec<String> {
        let line = |message: &Message| {
            let parent = message.parent.map_or("-".to_owned(), |p| p.to_string());
            let thought = message.reasoning.clone().unwrap_or_default();
            format!("{parent} {} [{thought}]", message.content)
        };
        tree.0.iter().map(line).collect()
    }

    #[test]
    fn what_is_hidden_is_passed_over_and_what_goes_on_is_one() {
        use Role::{Assistant, User};
        let nodes = vec![
            node("root", None, Part::Hidden),
            node("q", Some("root"), said(User, "Q")),
            node("t", Some("q"), Part::Thought("hm".to_owned())),
            node("a", Some("t"), said(Assistant, "A")),
            node("tool", Some("a"), Part::Hidden),
            node("b", Some("tool"), said(Assistant, "B")),
            node("q2", Some("b"), said(User, "Q2")),
            node("q3", Some("b"), said(User, "Q3")),
            node("c", Some("q3"), said(Assistant, "C")),
        ];
        let tree = messages(nodes, Some("tool"), true).unwrap();
        let expected = [
            "- Q []",
            "0 A\n\nB [hm]",
            "1 Q2 []",
            "1 Q3 []",
            "3 C []",
            "2  []",
        ];
        assert_eq!(lines(&tree), expected);
        assert_eq!(tree.1, Some(4), "the newest leaf below what was looked at");
    }

    #[test]
    fn branches_are_not_joined() {
        use Role::{Assistant, User};
        let nodes = vec![
            node("q", Some("gone"), said(User, "Q")),
            node("a", Some("q"), said(Assistant, "A")),
            node("b", Some("a"), said(Assistant, "B")),
            node("c", Some("a"), said(Assistant, "C")),
        ];
        let tree = messages(nodes, Some("b"), true).unwrap();
        assert_eq!(lines(&tree), ["- Q []", "0 A []", "1 B []", "1 C []"]);
        assert_eq!(tree.1, Some(2));
    }

    #[test]
    fn circles_are_left_out_and_long_chains_are_not() {
        let circle = vec![
            node("a", Some("b"), said(Role::User, "A")),
            node("b", Some("a"), said(Role::User, "B")),
        ];
        assert!(messages(circle, None, false).is_err());
        let chain = (0..200_000).map(|n| {
            let above = (n > 0).then(|| (n - 1).to_string());
            node(&n.to_string(), above.as_deref(), said(Role::User, "x"))
        });
        let (all, leaf) = messages(chain.collect(), None, false).unwrap();
        assert_eq!((all.len(), leaf), (200_001, Some(200_000)));
    }
}
