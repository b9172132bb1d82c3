namespace Sahulat.Tests.Catalogue;

/// <summary>A service whose form holds every kind of question.</summary>
internal static class FormYaml
{
    public const string Everything = """
        code: everything
        valid_from: 2026-01-01
        department: revenue
        category: certificates
        name: { en: "Everything", hi: "Everything", ur: "Everything", ks: "Everything", doi: "Everything" }
        summary: { en: "All kinds of question", hi: "All kinds of question", ur: "All kinds of question", ks: "All kinds of question", doi: "All kinds of question" }
        source: { confidence: low }
        place: tehsil
        online: true
        form:
              pages:
                - id: you
                  title: { en: "You", hi: "You", ur: "You", ks: "You", doi: "You" }
                  fields:
                    - { name: full_name, type: text, label: { en: "Full name", hi: "Full name", ur: "Full name", ks: "Full name", doi: "Full name" }, max: 30 }
                    - { name: mobile, type: text, label: { en: "Mobile", hi: "Mobile", ur: "Mobile", ks: "Mobile", doi: "Mobile" }, pattern: mobile }
                    - { name: pin, type: text, label: { en: "PIN", hi: "PIN", ur: "PIN", ks: "PIN", doi: "PIN" }, pattern: pin }
                    - { name: email, type: text, label: { en: "Email", hi: "Email", ur: "Email", ks: "Email", doi: "Email" }, pattern: email, required: false }
                    - { name: vehicle, type: text, label: { en: "Vehicle", hi: "Vehicle", ur: "Vehicle", ks: "Vehicle", doi: "Vehicle" }, pattern: vehicle, required: false }
                    - { name: code, type: text, label: { en: "Code", hi: "Code", ur: "Code", ks: "Code", doi: "Code" }, pattern: "^[a-z]{2}[0-9]{2}$", required: false }
                    - { name: income, type: money, label: { en: "Income", hi: "Income", ur: "Income", ks: "Income", doi: "Income" }, min: 0, max: 10000000 }
                    - { name: born_on, type: date, label: { en: "Born", hi: "Born", ur: "Born", ks: "Born", doi: "Born" }, min: "1900-01-01", max: today-18y }
                - id: dates
                  title: { en: "Dates", hi: "Dates", ur: "Dates", ks: "Dates", doi: "Dates" }
                  fields:
                    - { name: from, type: date, label: { en: "From", hi: "From", ur: "From", ks: "From", doi: "From" }, min: "2026-01-01" }
                    - { name: until, type: date, label: { en: "Until", hi: "Until", ur: "Until", ks: "Until", doi: "Until" }, required: false }
                  checks:
                    - { kind: before, field: from, other: until, text: { en: "The first date must come before the last", hi: "The first date must come before the last", ur: "The first date must come before the last", ks: "The first date must come before the last", doi: "The first date must come before the last" } }
                - id: house
                  title: { en: "House", hi: "House", ur: "House", ks: "House", doi: "House" }
                  fields:
                    - { name: kind, type: choice, label: { en: "Kind", hi: "Kind", ur: "Kind", ks: "Kind", doi: "Kind" }, options: [ { code: house, label: { en: "House", hi: "House", ur: "House", ks: "House", doi: "House" } }, { code: shop, label: { en: "Shop", hi: "Shop", ur: "Shop", ks: "Shop", doi: "Shop" } } ] }
                    - { name: rooms, type: number, label: { en: "Rooms", hi: "Rooms", ur: "Rooms", ks: "Rooms", doi: "Rooms" }, min: 1, max: 20 }
                - id: work
                  title: { en: "Work", hi: "Work", ur: "Work", ks: "Work", doi: "Work" }
                  when: { field: kind, is: shop }
                  fields:
                    - { name: boss, type: text, label: { en: "Boss", hi: "Boss", ur: "Boss", ks: "Boss", doi: "Boss" }, required: false }
                - id: home
                  title: { en: "Home", hi: "Home", ur: "Home", ks: "Home", doi: "Home" }
                  when: { field: kind, not: shop }
                  fields:
                    - { name: needs, type: choice, label: { en: "Needs", hi: "Needs", ur: "Needs", ks: "Needs", doi: "Needs" }, many: true, required: false, options: [ { code: water, label: { en: "Water", hi: "Water", ur: "Water", ks: "Water", doi: "Water" } }, { code: power, label: { en: "Power", hi: "Power", ur: "Power", ks: "Power", doi: "Power" } } ] }
                    - { name: tehsil, type: place, label: { en: "Tehsil", hi: "Tehsil", ur: "Tehsil", ks: "Tehsil", doi: "Tehsil" }, level: tehsil }
                - id: people
                  title: { en: "People", hi: "People", ur: "People", ks: "People", doi: "People" }
                  fields:
                    - { name: witness, type: person, label: { en: "Witness", hi: "Witness", ur: "Witness", ks: "Witness", doi: "Witness" }, parts: [name, born_on] }
                - id: heirs
                  title: { en: "Heirs", hi: "Heirs", ur: "Heirs", ks: "Heirs", doi: "Heirs" }
                  fields:
                    - name: heirs
                      type: group
                      label: { en: "Heirs", hi: "Heirs", ur: "Heirs", ks: "Heirs", doi: "Heirs" }
                      min: 1
                      max: 3
                      fields:
                        - { name: name, type: text, label: { en: "Name", hi: "Name", ur: "Name", ks: "Name", doi: "Name" }, max: 50 }
                        - { name: age, type: number, label: { en: "Age", hi: "Age", ur: "Age", ks: "Age", doi: "Age" }, min: 0, max: 150, required: false }
                - id: papers
                  title: { en: "Papers", hi: "Papers", ur: "Papers", ks: "Papers", doi: "Papers" }
                  fields:
                    - { name: proof, type: document, label: { en: "Proof", hi: "Proof", ur: "Proof", ks: "Proof", doi: "Proof" }, max_mb: 5 }
        workflow:
          steps:
            - { code: decide, name: { en: "Decide", hi: "Decide", ur: "Decide", ks: "Decide", doi: "Decide" }, officer: { designation: tehsildar, level: tehsil }, actions: [approve, reject] }
        """;
}
