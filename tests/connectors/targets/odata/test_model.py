"""What a service declares of itself is understood, in whatever way it writes it down."""

import pytest

from connectors.targets.odata.model import EdmSort, NoMetadata, read_model

CSDL = """\
<edmx:Edmx Version="4.01" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="Base" Alias="b" xmlns="http://docs.oasis-open.org/odata/ns/edm">
  <EntityType Name="row" Abstract="true"><Key><PropertyRef Name="id"/></Key>
    <Property Name="id" Type="Edm.Guid" Nullable="false"/>
    <Property Name="changed" Type="Edm.DateTimeOffset" Precision="3"/>
  </EntityType>
  <EnumType Name="size"><Member Name="small"/><Member Name="large"/></EnumType>
  <EnumType Name="flags" IsFlags="true"><Member Name="a"/></EnumType>
  <TypeDefinition Name="money" UnderlyingType="Edm.Decimal"/>
  <Annotations Target="b.row/changed"><Annotation Term="Org.OData.Core.V1.Computed"/></Annotations>
</Schema>
<Schema Namespace="Crm" xmlns="http://docs.oasis-open.org/odata/ns/edm">
  <EntityType Name="account" BaseType="b.row">
    <Property Name="key" Type="Edm.String" MaxLength="36"/>
    <Property Name="long" Type="Edm.String" MaxLength="max"/>
    <Property Name="size" Type="b.size"/>
    <Property Name="flags" Type="Base.flags"/>
    <Property Name="price" Type="b.money" Precision="10" Scale="variable"/>
    <Property Name="whole" Type="Edm.Decimal" Precision="10"/>
    <Property Name="tags" Type="Collection(Edm.String)"/>
    <Property Name="state" Type="Edm.Int32" Nullable="false" DefaultValue="0"/>
    <NavigationProperty Name="parent" Type="Crm.account"/>
    <NavigationProperty Name="children" Type="Collection(Crm.account)"/>
    <Annotation Term="Org.OData.Core.V1.AlternateKeys"><Collection>
      <Record><PropertyValue Property="Key"><Collection><Record>
        <PropertyValue Property="Alias" String="key"/>
        <PropertyValue Property="Name"><PropertyPath>key</PropertyPath></PropertyValue>
      </Record></Collection></PropertyValue></Record>
      <Record><PropertyValue Property="Key"><Collection>
        <Record><PropertyValue Property="Name" PropertyPath="size"/></Record>
        <Record><PropertyValue Property="Name" PropertyPath="long"/></Record>
      </Collection></PropertyValue></Record>
    </Collection></Annotation>
  </EntityType>
  <EntityContainer Name="all">
    <EntitySet Name="accounts" EntityType="Crm.account"/>
  </EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>
"""


def test_metadata_is_read_whole() -> None:
    """Base types, aliases, enumerations, type definitions, annotations inside and apart."""
    account = read_model(CSDL.encode())["accounts"]
    sorts = {name: prop.sort for name, prop in account.properties.items()}
    assert account.keys == ("id",)
    assert account.alternate_keys == {"key"}
    assert account.navigations == {"parent": False, "children": True}
    assert sorts["size"] is EdmSort.CHOICE
    assert account.properties["size"].choices == ("small", "large")
    assert (sorts["flags"], sorts["tags"]) == (EdmSort.OTHER, EdmSort.OTHER)
    assert account.properties["key"].length == 36
    assert account.properties["long"].length is None
    assert (sorts["price"], account.properties["price"].scale) == (EdmSort.DECIMAL, None)
    assert account.properties["whole"].scale == 0
    assert not account.properties["changed"].given
    assert account.properties["state"].preset
    assert not account.properties["state"].nullable


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html></html>",
        "{}",
        CSDL.replace("</Schema>", ""),
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + CSDL,
    ],
)
def test_what_is_no_metadata_is_refused(text: str) -> None:
    """Another page, a document cut off, one that would grow when it is read."""
    with pytest.raises(NoMetadata):
        read_model(text.encode())
