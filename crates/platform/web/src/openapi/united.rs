//! Two things that the generator says in a way that nothing could fit:
//!
//! The description of a member whose type stands inline comes as a second schema beside the type's: `allOf: [{type:
//! string, enum: […]}, {type: object, description: …}]`. A text is no object; the description belongs to the first.
//!
//! What is made of two types by flattening comes as `allOf` of both. Where one of them knows no further members, it would
//! refuse those of the other; one object of both is meant.

use std::collections::BTreeMap;
use utoipa::openapi::schema::{AdditionalProperties, AllOf, ArrayItems, Object};
use utoipa::openapi::{OpenApi, RefOr, Schema};

/// Makes one schema of each type and its description, and one of those that refuse each other's members, in everything
/// that the document names.
pub fn unite(document: &mut OpenApi) {
    let Some(components) = &mut document.components else { return };
    components.schemas.values_mut().for_each(mend);
    let united: Vec<_> = components
        .schemas
        .iter()
        .filter_map(|(name, schema)| Some((name.clone(), one_object(schema, &components.schemas)?)))
        .collect();
    components.schemas.extend(united);
}

/// One object of all parts of `schema`, where one of them is closed to the members of the others.
fn one_object(schema: &RefOr<Schema>, named: &BTreeMap<String, RefOr<Schema>>) -> Option<RefOr<Schema>> {
    let RefOr::T(Schema::AllOf(all)) = schema else { return None };
    let mut one = Object::new();
    for part in &all.items {
        let part = match part {
            RefOr::Ref(to) => named.get(to.ref_location.rsplit('/').next()?)?,
            RefOr::T(_) => part,
        };
        let RefOr::T(Schema::Object(part)) = part else { return None };
        one.required.extend(part.required.iter().cloned());
        one.properties.extend(part.properties.iter().map(|(name, member)| (name.clone(), member.clone())));
        if is_closed(part) {
            one.additional_properties.clone_from(&part.additional_properties);
        }
    }
    one.description.clone_from(&all.description);
    is_closed(&one).then_some(RefOr::T(Schema::Object(one)))
}

fn is_closed(object: &Object) -> bool {
    matches!(object.additional_properties.as_deref(), Some(AdditionalProperties::FreeForm(false)))
}

fn mend(schema: &mut RefOr<Schema>) {
    let RefOr::T(inline) = schema else { return };
    match inline {
        Schema::Array(array) => {
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                mend(items);
            }
        }
        Schema::Object(object) => {
            object.properties.values_mut().for_each(mend);
            if let Some(AdditionalProperties::RefOr(values)) = object.additional_properties.as_deref_mut() {
                mend(values);
            }
        }
        Schema::OneOf(one) => one.items.iter_mut().for_each(mend),
        Schema::AnyOf(any) => any.items.iter_mut().for_each(mend),
        Schema::AllOf(all) => {
            all.items.iter_mut().for_each(mend);
            if let Some(one) = described(all) {
                *schema = one;
            }
        }
        _ => {}
    }
}

/// The one schema that `all` means, where its second says nothing but what the first is.
fn described(all: &AllOf) -> Option<RefOr<Schema>> {
    let [first, RefOr::T(Schema::Object(said))] = all.items.as_slice() else { return None };
    if !only_describes(said) {
        return None;
    }
    let mut one = first.clone();
    let (description, default) = match &mut one {
        RefOr::T(Schema::Object(object)) => {
            object.title = said.title.clone().or(object.title.take());
            object.read_only = said.read_only.or(object.read_only);
            object.write_only = said.write_only.or(object.write_only);
            (&mut object.description, &mut object.default)
        }
        RefOr::T(Schema::Array(array)) => (&mut array.description, &mut array.default),
        RefOr::T(Schema::OneOf(one)) => (&mut one.description, &mut one.default),
        RefOr::T(Schema::AllOf(all)) => (&mut all.description, &mut all.default),
        RefOr::T(Schema::AnyOf(any)) => (&mut any.description, &mut any.default),
        RefOr::Ref(_) | RefOr::T(_) => return None,
    };
    *description = said.description.clone().or(description.take());
    *default = said.default.clone().or(default.take());
    Some(one)
}

/// Whether `object` asks nothing of a value but to be an object.
fn only_describes(object: &Object) -> bool {
    let mut bare = Object::new();
    bare.title.clone_from(&object.title);
    bare.description.clone_from(&object.description);
    bare.default.clone_from(&object.default);
    bare.read_only = object.read_only;
    bare.write_only = object.write_only;
    *object == bare
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use utoipa::ToSchema;
    use utoipa::openapi::{ComponentsBuilder, OpenApiBuilder};

    /// A colour.
    #[derive(ToSchema)]
    #[schema(rename_all = "snake_case")]
    #[expect(dead_code, reason = "only its schema is looked at")]
    enum Colour {
        Red,
        Green,
    }

    #[derive(ToSchema)]
    #[expect(dead_code, reason = "only its schema is looked at")]
    struct Size {
        /// In metres.
        height: f64,
    }

    #[derive(ToSchema)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its schema is looked at")]
    struct Weight {
        /// In kilograms.
        mass: f64,
    }

    /// A thing that is weighed.
    #[derive(ToSchema)]
    #[expect(dead_code, reason = "only its schema is looked at")]
    struct Weighed {
        /// When.
        at: String,
        #[serde(flatten)]
        weight: Weight,
    }

    #[derive(ToSchema)]
    #[expect(dead_code, reason = "only its schema is looked at")]
    struct Thing {
        /// The colour of the thing.
        #[schema(inline)]
        colour: Colour,
        /// The colours that it may have, too.
        #[schema(inline)]
        others: Vec<Colour>,
        #[serde(flatten)]
        size: Size,
    }

    fn without(mut schema: Value) -> Value {
        if let Some(object) = schema.as_object_mut() {
            object.remove("description");
        }
        schema
    }

    #[test]
    fn what_is_made_of_two_takes_the_members_of_both() {
        let mut named = Vec::new();
        Weighed::schemas(&mut named);
        let components = ComponentsBuilder::new().schemas_from_iter(named).schema_from::<Weighed>().build();
        let mut document = OpenApiBuilder::new().components(Some(components)).build();
        unite(&mut document);
        let weighed = serde_json::to_value(&document).unwrap()["components"]["schemas"]["Weighed"].clone();
        let expected = json!({
            "type": "object", "description": "A thing that is weighed.", "required": ["mass", "at"],
            "properties": {
                "at": {"type": "string", "description": "When."},
                "mass": {"type": "number", "format": "double", "description": "In kilograms."},
            },
            "additionalProperties": false,
        });
        assert_eq!(weighed, expected);
    }

    #[test]
    fn a_member_has_its_types_schema_and_its_own_description() {
        let components = ComponentsBuilder::new().schema_from::<Thing>().build();
        let mut document = OpenApiBuilder::new().components(Some(components)).build();
        let before = serde_json::to_value(&document).unwrap();
        unite(&mut document);
        let document = serde_json::to_value(&document).unwrap();
        let text = document.to_string();
        assert!(before.to_string().matches("allOf").count() > text.matches("allOf").count(), "{before}");
        let parts = document["components"]["schemas"]["Thing"]["allOf"].as_array().unwrap();
        assert_eq!(parts.len(), 2, "what is made of two stays so: {text}");
        let own = parts.iter().find(|part| part["properties"]["colour"].is_object()).unwrap();
        let colour = json!({"type": "string", "description": "The colour of the thing.", "enum": ["red", "green"]});
        assert_eq!(own["properties"]["colour"], colour);
        assert_eq!(without(own["properties"]["others"]["items"].clone()), without(colour));
    }
}
